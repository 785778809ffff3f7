using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MnistMlNet.Configuration;
using MnistMlNet.Data;
using MnistMlNet.Extensibility;
using MnistMlNet.Primitives;

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
            throw ColumnErrors.WrongFeatures(context, "inputSchema", feature.Name, "Vector<Single>", TypeOf(feature));
        }

        if (options.ExampleWeightColumnName is not null)
        {
            SchemaShape.Column weight = Find(context, input, "weight", options.ExampleWeightColumnName);
            if (weight.IsKey || weight.Kind != SchemaShape.Column.VectorKind.Scalar || weight.ItemType != NumberDataViewType.Single)
            {
                throw ColumnErrors.WrongWeight(context, "inputSchema", weight.Name, TypeOf(weight));
            }
        }

        SchemaShape.Column label = Find(context, input, "label", options.LabelColumnName);
        CheckLabel(context, label, options.Task);
        Dictionary<string, SchemaShape.Column> columns = input.ToDictionary(column => column.Name);
        foreach (SchemaShape.Column added in AddedColumns(label, options.Task))
        {
            columns[added.Name] = added;
        }

        return new SchemaShape(columns.Values);
    }

    private static void CheckLabel(IExceptionContext context, SchemaShape.Column label, LearningTask task)
    {
        bool isScalar = label.Kind == SchemaShape.Column.VectorKind.Scalar, isVector = label.Kind == SchemaShape.Column.VectorKind.Vector;
        bool isSingle = label.ItemType == NumberDataViewType.Single, isBoolean = label.ItemType is BooleanDataViewType;
        bool fits = task switch
        {
            LearningTask.Multiclass => label.IsKey && isScalar,
            LearningTask.Binary => !label.IsKey && isScalar && isBoolean,
            LearningTask.Regression => !label.IsKey && (isScalar || isVector) && isSingle,
            LearningTask.Multilabel => !label.IsKey && isVector && (isSingle || isBoolean),
            _ => throw UnknownMember.Of(task),
        };
        if (!fits)
        {
            throw LabelShape.Mismatch(context, label.Name, TypeOf(label).Text, task, "inputSchema");
        }
    }

    private static SchemaShape.Column[] AddedColumns(SchemaShape.Column label, LearningTask task) => task switch
    {
        LearningTask.Multiclass => OfClasses(label),
        LearningTask.Binary =>
        [
            Scalar(AnnotationNames.Score, NumberDataViewType.Single, []),
            Scalar(
                AnnotationNames.Probability, NumberDataViewType.Single,
                [SchemaFactory.CreateColumn(
                    AnnotationNames.IsNormalized, SchemaShape.Column.VectorKind.Scalar, BooleanDataViewType.Instance, isKey: false)]),
            Scalar(AnnotationNames.PredictedLabel, BooleanDataViewType.Instance, []),
        ],
        LearningTask.Regression when label.Kind == SchemaShape.Column.VectorKind.Scalar =>
            [Scalar(AnnotationNames.Score, NumberDataViewType.Single, [])],
        LearningTask.Regression => [OfLabels(AnnotationNames.Score, NumberDataViewType.Single, label)],
        LearningTask.Multilabel =>
        [
            OfLabels(AnnotationNames.PredictedLabel, BooleanDataViewType.Instance, label),
            OfLabels(AnnotationNames.Probability, NumberDataViewType.Single, label),
        ],
        _ => throw UnknownMember.Of(task),
    };

    private static SchemaShape.Column[] OfClasses(SchemaShape.Column label)
    {
        SchemaShape.Column names = label.Annotations.FirstOrDefault(annotation => annotation.Name == AnnotationNames.KeyValues);
        bool hasNames = names is { Name: not null, Kind: SchemaShape.Column.VectorKind.Vector };
        return
        [
            SchemaFactory.CreateColumn(
                AnnotationNames.Score, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, isKey: false, Annotations(
                    hasNames
                        ? [
                            Vector(AnnotationNames.SlotNames, TextDataViewType.Instance),
                            Vector(AnnotationNames.TrainingLabelValues, names.ItemType),
                        ]
                        : [])),
            SchemaFactory.CreateColumn(
                AnnotationNames.PredictedLabel, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.UInt32, isKey: true, Annotations(
                    hasNames ? [Vector(AnnotationNames.KeyValues, names.ItemType)] : [])),
        ];
    }

    /// <summary>A vector with a slot for each of the label's.</summary>
    private static SchemaShape.Column OfLabels(string name, DataViewType itemType, SchemaShape.Column label)
    {
        SchemaShape.Column names = label.Annotations.FirstOrDefault(annotation => annotation.Name == AnnotationNames.SlotNames);
        return SchemaFactory.CreateColumn(
            name, SchemaShape.Column.VectorKind.Vector, itemType, isKey: false, Annotations(names.Name is null ? [] : [names]));
    }

    private static SchemaShape.Column Scalar(string name, DataViewType type, SchemaShape.Column[] annotations) =>
        SchemaFactory.CreateColumn(name, SchemaShape.Column.VectorKind.Scalar, type, isKey: false, Annotations(annotations));

    private static SchemaShape.Column Find(IExceptionContext context, SchemaShape input, string role, string name) =>
        input.FirstOrDefault(column => column.Name == name) is { Name: not null } column ? column
            : throw ColumnErrors.Missing(context, "inputSchema", role, name, input.Select(existing => existing.Name));

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

    private static ColumnType TypeOf(SchemaShape.Column column)
    {
        string item = column.IsKey ? $"Key<{column.ItemType}>" : $"{column.ItemType}";
        return new ColumnType(column.Kind, column.ItemType, column.IsKey, column.Kind switch
        {
            SchemaShape.Column.VectorKind.Vector => $"Vector<{item}>",
            SchemaShape.Column.VectorKind.VariableVector => $"VarVector<{item}>",
            _ => item,
        });
    }
}
