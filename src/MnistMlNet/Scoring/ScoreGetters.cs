using Microsoft.ML;
using Microsoft.ML.Data;
using MnistMlNet.Data;
using MnistMlNet.Network;

namespace MnistMlNet.Scoring;

/// <summary>Computes <c>Score</c> and <c>PredictedLabel</c> of the row that an input cursor stands at, at most once a row.</summary>
internal sealed class ScoreGetters
{
    private readonly TwoLayerNetworkModelParameters _model;
    private readonly Predictor _predictor;
    private readonly DataViewRow _input;
    private readonly string _featureColumn;
    private readonly ValueGetter<VBuffer<float>> _getFeatures;
    private readonly float[] _probabilities;
    private VBuffer<float> _features;
    private long _position = -1;

    public ScoreGetters(TwoLayerNetworkModelParameters model, DataViewRow input, DataViewSchema.Column featureColumn)
    {
        _model = model;
        _predictor = model.Predictor;
        _input = input;
        _featureColumn = featureColumn.Name;
        _getFeatures = input.GetGetter<VBuffer<float>>(featureColumn);
        _probabilities = new float[model.ClassCount];
    }

    public void GetScore(ref VBuffer<float> score)
    {
        Update();
        VBufferEditor<float> editor = VBufferEditor.Create(ref score, _probabilities.Length);
        _probabilities.CopyTo(editor.Values);
        score = editor.Commit();
    }

    /// <summary>The key of the most probable class, the first among equals; 0, missing, where the probabilities are NaN.</summary>
    public void GetPredictedLabel(ref uint label)
    {
        Update();
        int best = 0;
        for (int c = 1; c < _probabilities.Length; c++)
        {
            if (_probabilities[c] > _probabilities[best])
            {
                best = c;
            }
        }

        label = float.IsNaN(_probabilities[best]) ? 0 : (uint)best + 1;
    }

    private void Update()
    {
        if (_position == _input.Position && _position >= 0)
        {
            return;
        }

        _getFeatures(ref _features);
        FeatureRow.Check(_features, _input.Position, _featureColumn, _model.InputCount);
        if (_features.IsDense)
        {
            _predictor.Predict(_features.GetValues(), _probabilities);
        }
        else
        {
            _predictor.PredictSparse(_features.GetIndices(), _features.GetValues(), _probabilities);
        }

        _position = _input.Position;
    }
}
