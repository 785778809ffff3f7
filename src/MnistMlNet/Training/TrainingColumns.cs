using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MnistMlNet.Extensibility;
using MnistMlNet.Network;

namespace MnistMlNet.Training;

/// <summary>The columns that training reads, found and checked.</summary>
internal sealed class TrainingColumns
{
    public TrainingColumns(IExceptionContext context, DataViewSchema schema, TwoLayerNetworkTrainer.Options options)
    {
        Label = Find(context, schema, "label", options.LabelColumnName);
        Features = Find(context, schema, "feature", options.FeatureColumnName);
        Weight = options.ExampleWeightColumnName is null ? null : Find(context, schema, "weight", options.ExampleWeightColumnName);
        if (Label.Type is not KeyDataViewType key)
        {
            throw context.ExceptSchemaMismatch("input", "label", Label.Name, "Key<UInt32>", Label.Type.ToString() ?? "");
        }

        if (key.Count is < 2 or > NetworkShape.MaxCount)
        {
            throw new ArgumentOutOfRangeException(
                "input", key.Count, $"Label column '{Label.Name}' has {key.Count} {(key.Count == 1 ? "class" : "classes")}; 2 to {NetworkShape.MaxCount} are wanted.");
        }

        if (Features.Type is not VectorDataViewType { Size: > 0 } vector || vector.ItemType != NumberDataViewType.Single)
        {
            throw context.ExceptSchemaMismatch("input", "feature", Features.Name, "Vector<Single> of known size", Features.Type.ToString() ?? "");
        }

        if (Weight is { } weight && weight.Type != NumberDataViewType.Single)
        {
            throw context.ExceptSchemaMismatch("input", "weight", weight.Name, "Single", weight.Type.ToString() ?? "");
        }

        ClassCount = (int)key.Count;
        InputCount = vector.Size;
    }

    public DataViewSchema.Column Label { get; }

    public DataViewSchema.Column Features { get; }

    public DataViewSchema.Column? Weight { get; }

    public int ClassCount { get; }

    public int InputCount { get; }

    /// <summary>Gets whether a normalizer says that it made the features.</summary>
    public bool AreFeaturesNormalized => Features.IsNormalized();

    public IEnumerable<DataViewSchema.Column> All => Weight is { } weight ? [Label, Features, weight] : [Label, Features];

    /// <summary>Checks that validation rows can be measured by a network made for these columns.</summary>
    public void CheckMatches(TrainingColumns validation)
    {
        if (validation.InputCount != InputCount || validation.ClassCount != ClassCount)
        {
            throw new ArgumentException(
                $"validationData has {validation.InputCount} features and {validation.ClassCount} classes; the training data has {InputCount} and {ClassCount}.",
                nameof(validation));
        }
    }

    private static DataViewSchema.Column Find(IExceptionContext context, DataViewSchema schema, string role, string name) =>
        schema.GetColumnOrNull(name) ?? throw context.ExceptSchemaMismatch("input", role, name);
}
