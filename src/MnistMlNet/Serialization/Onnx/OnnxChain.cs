using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MnistMlNet.Data;
using MnistMlNet.Extensibility;
using MnistMlNet.Primitives;

namespace MnistMlNet.Serialization.Onnx;

/// <summary>
/// Tracks the columns of a fitted chain from the input data to the network, and writes their computation as an ONNX graph.
/// </summary>
internal sealed class OnnxChain
{
    private const string Supported =
        "docs/onnx.md lists the steps that can be written. Save the network alone (model.Model.SaveOnnx) and do the other steps outside "
            + "the file, or leave them out.";

    private readonly ITransformer[] _steps;
    private readonly Dictionary<string, OnnxColumn> _columns = new(StringComparer.Ordinal);
    private OnnxColumn? _predictedLabel;
    private OnnxColumn? _features;
    private ChainNetwork? _network;
    private string _networkStep = "";
    private string? _valueStep;

    private OnnxChain(ITransformer pipelineModel, DataViewSchema inputSchema)
    {
        _steps = [.. Flatten(pipelineModel)];
        foreach (DataViewSchema.Column column in inputSchema.Where(column => !column.IsHidden))
        {
            _columns[column.Name] = OnnxColumn.Input(column);
        }
    }

    /// <summary>Writes a chain. The file is changed only if the whole chain can be written.</summary>
    /// <exception cref="NotSupportedException">A step, or a column of it that the network needs, isn't supported; the message names
    /// it.</exception>
    /// <exception cref="ArgumentException">There is no network, or the schema lacks a column that it needs.</exception>
    public static void Write(ITransformer pipelineModel, DataViewSchema inputSchema, string path, long maximumSize = OnnxFile.MaximumSize)
    {
        var chain = new OnnxChain(pipelineModel, inputSchema);
        for (int i = 0; i < chain._steps.Length; i++)
        {
            chain.Read(chain._steps[i], $"Step {i + 1} of {chain._steps.Length}, {NameOf(chain._steps[i].GetType())},");
        }

        if (chain is not { _network: { } network, _features: { } features })
        {
            throw new ArgumentException(
                $"There is no transformer of a TwoLayerNetwork trainer among the transformers "
                    + $"({Shown.List(chain._steps.Select(step => NameOf(step.GetType())))}).", nameof(pipelineModel));
        }

        OnnxGraph graph = chain.Build(network, features);
        if (features.Width != network.Model.InputCount)
        {
            throw new ArgumentException(
                $"The column '{Shown.Text(network.FeatureColumnName)}' has {features.Width} values by inputSchema; {chain._networkStep}, "
                    + $"has {network.Model.InputCount} inputs.", nameof(inputSchema));
        }

        OnnxFile.Write(path, graph, network.Model, maximumSize);
    }

    private static IEnumerable<ITransformer> Flatten(ITransformer transformer) =>
        TransformerColumns.GetChain(transformer) is { } chain ? chain.SelectMany(Flatten) : [transformer];

    // ML.NET nests some of its transformers in their estimators: "Transformer" alone wouldn't say which step it is.
    private static string NameOf(Type type)
    {
        string name = type.Name.Split('`')[0];
        return type.DeclaringType is { } outer ? $"{NameOf(outer)}.{name}" : name;
    }

    private void Read(ITransformer transformer, string step)
    {
        switch (transformer)
        {
            case var _ when ChainNetwork.Of(transformer) is { } network:
                ReadNetwork(network, step);
                break;
            case NormalizingTransformer or ColumnConcatenatingTransformer when _network is not null:
                throw new NotSupportedException(
                    $"{step} can't be written as ONNX: it comes after the network ({_networkStep}). {Supported}");
            case NormalizingTransformer normalizer:
                Assign(normalizer, step, (i, name, sources) =>
                    OnnxNormalizers.Of(normalizer.GetNormalizerModelParameters(i), name, sources[0], step));
                break;
            case ColumnConcatenatingTransformer:
                Assign(transformer, step, (_, name, sources) => OnnxColumn.Concatenation(name, sources));
                break;
            case ColumnCopyingTransformer:
                Assign(transformer, step, (_, _, sources) => sources[0]);
                break;
            case ValueToKeyMappingTransformer:
                AssignMapped(transformer, step, OnnxKeySteps.ToKey);
                break;
            case KeyToValueMappingTransformer when _network is not null:
                Assign(transformer, step, (_, name, sources) => ReadValue(name, sources[0], step));
                break;
            case ColumnSelectingTransformer:
                (IReadOnlySet<string> names, bool keep) = TransformerColumns.GetSelection(transformer);
                foreach (string dropped in _columns.Keys.Where(name => names.Contains(name) != keep).ToArray())
                {
                    _columns.Remove(dropped);
                }

                break;
            default:
                Func<OnnxStep, OnnxColumn> make = OnnxStepKinds.Find(transformer)
                    ?? throw new NotSupportedException(
                        $"{step} can't be written as ONNX{OnnxStepKinds.ReasonAgainst(transformer)}. {Supported}");
                if (_network is not null)
                {
                    throw new NotSupportedException(
                        $"{step} can't be written as ONNX: it comes after the network ({_networkStep}). {Supported}");
                }

                AssignMapped(transformer, step, make);
                break;
        }
    }

    /// <summary>Sets the output columns of a step whose types ML.NET's own schema gives.</summary>
    private void AssignMapped(ITransformer transformer, string step, Func<OnnxStep, OnnxColumn> make)
    {
        var inputs = new OnnxStepInputs(
            transformer, step, Columns(transformer, step).SelectMany(pair => pair.Inputs).Distinct().ToDictionary(
                name => name, name => Find(name, step), StringComparer.Ordinal));
        Assign(transformer, step, (i, name, _) => inputs.Make(name, Columns(transformer, step)[i].Inputs[0], i, make));
    }

    /// <summary>Sets the output columns of a step, all computed from the columns before the step.</summary>
    private void Assign(ITransformer transformer, string step, Func<int, string, OnnxColumn[], OnnxColumn> make)
    {
        IReadOnlyList<(string Output, string[] Inputs)> pairs = Columns(transformer, step);
        OnnxColumn[] made = [.. pairs.Select((pair, i) => make(i, pair.Output, [.. pair.Inputs.Select(name => Find(name, step))]))];
        for (int i = 0; i < made.Length; i++)
        {
            _columns[pairs[i].Output] = made[i];
        }
    }

    private static IReadOnlyList<(string Output, string[] Inputs)> Columns(ITransformer transformer, string step) =>
        TransformerColumns.GetColumns(transformer)
            ?? throw new NotSupportedException($"{step} doesn't provide the names of its columns.");

    private void ReadNetwork(ChainNetwork network, string step)
    {
        if (_network is not null)
        {
            throw new NotSupportedException($"{step} can't be written as ONNX: it comes after the network ({_networkStep}). {Supported}");
        }

        _network = network;
        _networkStep = step.TrimEnd(',');
        _features = Find(network.FeatureColumnName, step);
        _predictedLabel = OnnxColumn.Unusable(AnnotationNames.PredictedLabel, $"{step} makes it.");
        _columns[AnnotationNames.PredictedLabel] = _predictedLabel;
        foreach (string name in new[] { AnnotationNames.Score, AnnotationNames.Probability })
        {
            _columns[name] = OnnxColumn.Unusable(name, $"{step} makes it.");
        }
    }

    private OnnxColumn ReadValue(string name, OnnxColumn source, string step)
    {
        if (source == _predictedLabel)
        {
            _valueStep = step;
        }

        return OnnxColumn.Unusable(name, $"{step} makes the column '{Shown.Text(name)}' of a key, which the graph doesn't compute before "
            + $"the network.");
    }

    private OnnxColumn Find(string name, string step)
    {
        if (_columns.TryGetValue(name, out OnnxColumn? column))
        {
            return column;
        }

        string existing = Shown.List(_columns.Keys.Select(key => $"'{key}'"));
        return OnnxColumn.Unusable(name, $"{step} needs a column '{Shown.Text(name)}', which neither inputSchema nor a step before it "
            + $"has; there are {existing}.");
    }

    private OnnxGraph Build(ChainNetwork network, OnnxColumn features)
    {
        var graph = new OnnxGraph();
        foreach (OnnxColumn input in features.Inputs)
        {
            if (OnnxNetwork.OutputsOf(network.Model).Contains(input.Name))
            {
                throw new NotSupportedException($"The column '{Shown.Text(input.Name)}' of inputSchema can't be an input of the graph: an "
                    + $"output has that name. Rename it before the chain.");
            }

            input.AddTo(graph);
        }

        string value = features.AddTo(graph);
        features.Require(NumberDataViewType.Single);
        OnnxNetwork.Add(graph, value, network.Model, Labels(network), network.Threshold);
        return graph;
    }

    private OnnxLabels? Labels(ChainNetwork network)
    {
        if (_valueStep is not null && network.Labels is { } labels)
        {
            return OnnxLabels.Values(labels)
                ?? throw new NotSupportedException($"{_valueStep} can't be written as ONNX: its labels are of the type {labels.ItemType}, "
                    + $"which ONNX doesn't have.");
        }

        return network.Model is TwoLayerNetworkModelParameters { HasClassNames: true } classes
            ? OnnxLabels.Texts(classes.ClassNames)
            : null;
    }
}

/// <summary>The step of a chain that has the network.</summary>
internal sealed record ChainNetwork(TwoLayerNetworkModelParametersBase Model, string FeatureColumnName, ClassLabels? Labels)
{
    /// <summary>Gets the threshold of two classes and its column; null for the score 0, and for other tasks.</summary>
    public (float Value, string Column)? Threshold { get; init; }

    /// <summary>Gets the network of a step; null where it isn't a scorer of a network of this package.</summary>
    public static ChainNetwork? Of(ITransformer transformer) =>
        transformer is ISingleFeaturePredictionTransformer<object> { Model: TwoLayerNetworkModelParametersBase model } scorer
            ? new ChainNetwork(model, scorer.FeatureColumnName, (transformer as TwoLayerNetworkTransformer)?.Labels)
            {
                Threshold = BinaryTransformer.GetThreshold<TwoLayerNetworkBinaryModelParameters>(transformer),
            }
            : null;
}
