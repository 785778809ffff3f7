using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MnistMlNet.Data;
using MnistMlNet.Extensibility;

namespace MnistMlNet.Scoring;

/// <summary>Schema propagation: the schema of the trained transformer's output, known before training.</summary>
internal static class TrainingShape
{
    /// <summary>
    /// Checks the input's schema shape and adds <c>Score</c> and <c>PredictedLabel</c>, as ML.NET's own multiclass trainers do.
    /// </summary>
    public static SchemaShape GetOutputSchema(IExceptionContext context, SchemaShape input, TwoLayerNetworkOptions options)
    {
        SchemaShape.Column feature = Find(context, input, "feature", options.FeatureColumnName);
        if (feature.IsKey || feature.Kind != SchemaShape.Column.VectorKind.Vector || feature.ItemType != NumberDataViewType.Single)
        {
            throw context.ExceptSchemaMismatch("inputSchema", "feature", feature.Name, "Vector<Single>", Describe(feature));
        }

        if (options.ExampleWeightColumnName is not null)
        {
            SchemaShape.Column weight = Find(context, input, "weight", options.ExampleWeightColumnName);
            if (weight.IsKey || weight.Kind != SchemaShape.Column.VectorKind.Scalar || weight.ItemType != NumberDataViewType.Single)
            {
                throw context.ExceptSchemaMismatch("inputSchema", "weight", weight.Name, "Single", Describe(weight));
            }
        }

        SchemaShape.Column label = Find(context, input, "label", options.LabelColumnName);
        if (!label.IsKey || label.Kind != SchemaShape.Column.VectorKind.Scalar)
        {
            throw context.ExceptSchemaMismatch("inputSchema", "label", label.Name, "Key<UInt32>", Describe(label));
        }

        Dictionary<string, SchemaShape.Column> columns = input.ToDictionary(column => column.Name);
        SchemaShape.Column names = label.Annotations.FirstOrDefault(annotation => annotation.Name == AnnotationNames.KeyValues);
        bool hasNames = names is { Name: not null, Kind: SchemaShape.Column.VectorKind.Vector };
        columns[AnnotationNames.Score] = SchemaFactory.CreateColumn(
            AnnotationNames.Score, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, isKey: false, Annotations(
                hasNames
                    ? [
                        Vector(AnnotationNames.SlotNames, TextDataViewType.Instance),
                        Vector(AnnotationNames.TrainingLabelValues, names.ItemType),
                    ]
                    : []));
        columns[AnnotationNames.PredictedLabel] = SchemaFactory.CreateColumn(
            AnnotationNames.PredictedLabel, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.UInt32, isKey: true, Annotations(
                hasNames ? [Vector(AnnotationNames.KeyValues, names.ItemType)] : []));
        return new SchemaShape(columns.Values);
    }

    private static SchemaShape.Column Find(IExceptionContext context, SchemaShape input, string role, string name) =>
        input.FirstOrDefault(column => column.Name == name) is { Name: not null } column ? column
            : throw context.ExceptSchemaMismatch("inputSchema", role, name);

    private static SchemaShape Annotations(IEnumerable<SchemaShape.Column> first) => new(
    [
        .. first,
        SchemaFactory.CreateColumn(AnnotationNames.ScoreColumnSetId, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.UInt32,
            isKey: true),
        SchemaFactory.CreateColumn(AnnotationNames.ScoreColumnKind, SchemaShape.Column.VectorKind.Scalar, TextDataViewType.Instance,
            isKey: false),
        SchemaFactory.CreateColumn(AnnotationNames.ScoreValueKind, SchemaShape.Column.VectorKind.Scalar, TextDataViewType.Instance,
            isKey: false),
    ]);

    private static SchemaShape.Column Vector(string name, DataViewType itemType) =>
        SchemaFactory.CreateColumn(name, SchemaShape.Column.VectorKind.Vector, itemType, isKey: false);

    private static string Describe(SchemaShape.Column column)
    {
        string item = column.IsKey ? $"Key<{column.ItemType}>" : $"{column.ItemType}";
        return column.Kind switch
        {
            SchemaShape.Column.VectorKind.Vector => $"Vector<{item}>",
            SchemaShape.Column.VectorKind.VariableVector => $"VarVector<{item}>",
            _ => item,
        };
    }
}
