using Microsoft.ML;
using Microsoft.ML.Data;

namespace MnistMlNet.Scoring;

/// <summary>Adds <c>Score</c> and <c>PredictedLabel</c> to one row at a time.</summary>
internal sealed class ScoreRowMapper(ScoreSchema schema, TwoLayerNetworkModelParameters model) : IRowToRowMapper
{
    public DataViewSchema InputSchema => schema.Input;

    public DataViewSchema OutputSchema => schema.Output;

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) => schema.Dependencies(dependingColumns);

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (!ReferenceEquals(input.Schema, schema.Input))
        {
            throw new ArgumentException("The row's schema isn't the one that this mapper was made for.", nameof(input));
        }

        return new ScoreRow(schema, model, input, schema.Active(activeColumns));
    }
}
