using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MnistMlNet.Configuration;
using MnistMlNet.Extensibility;
using MnistMlNet.Primitives;

namespace MnistMlNet.Data;

/// <summary>What a task needs to know of the type of its label column, and the check of that type.</summary>
/// <param name="KeyCount">The number of keys; 0 where the label isn't a key.</param>
/// <param name="ClassCount">The number of classes; 1 where labels aren't classes.</param>
/// <param name="TargetCount">The number of targets of a row; 0 where its label is a class of many.</param>
internal readonly record struct LabelShape(int KeyCount, int ClassCount, int TargetCount)
{
    /// <exception cref="ArgumentOutOfRangeException">The type doesn't fit the task; the message says what to do.</exception>
    public static LabelShape Of(IExceptionContext context, DataViewSchema.Column label, LearningTask task)
    {
        switch (task)
        {
            case LearningTask.Multiclass:
                return OfKey(context, label);
            case LearningTask.Binary when label.Type is BooleanDataViewType or KeyDataViewType { Count: 2 }
                || label.Type == NumberDataViewType.Single:
                return new LabelShape(0, 2, 1);
            case LearningTask.Binary:
                throw Mismatch(context, label.Name, label.Type.ToString() ?? "", task);
            case LearningTask.Regression when label.Type == NumberDataViewType.Single:
                return new LabelShape(0, 1, 1);
            case LearningTask.Regression when label.Type is VectorDataViewType { Size: > 0 } vector
                && vector.ItemType == NumberDataViewType.Single:
            case LearningTask.Multilabel when label.Type is VectorDataViewType { Size: > 0, ItemType: var item }
                && (item is BooleanDataViewType || item == NumberDataViewType.Single):
                return OfVector(label);
            case LearningTask.Regression or LearningTask.Multilabel:
                throw Mismatch(context, label.Name, label.Type.ToString() ?? "", task);
            default:
                throw UnknownMember.Of(task);
        }
    }

    /// <summary>The error for a label of the wrong type: ML.NET's own, and what to do.</summary>
    public static Exception Mismatch(IExceptionContext context, string name, string type, LearningTask task, string argument = "input")
    {
        string text = Shown.Text(name);
        (string expected, string remedy) = task switch
        {
            LearningTask.Multiclass => (
                "Key<UInt32>",
                $". Append Conversion.MapValueToKey(\"{text}\") before; for one answer of yes or no use "
                    + "BinaryClassification.Trainers.TwoLayerNetwork, for several MulticlassClassification.Trainers."
                    + "TwoLayerNetworkMultilabel, for a number Regression.Trainers.TwoLayerNetwork"),
            LearningTask.Binary => (
                "Boolean",
                ". For two classes of another type append Conversion.ConvertType or MapValue before; for more classes use "
                    + "MulticlassClassification.Trainers.TwoLayerNetwork, for a number Regression.Trainers.TwoLayerNetwork"),
            LearningTask.Regression => (
                "Single or Vector<Single> of known size",
                $". For another number append Conversion.ConvertType(\"{text}\"); for a class use "
                    + "BinaryClassification.Trainers.TwoLayerNetwork or MulticlassClassification.Trainers.TwoLayerNetwork"),
            LearningTask.Multilabel => (
                "Vector<Boolean> or Vector<Single> of known size",
                ". For one class of many use MulticlassClassification.Trainers.TwoLayerNetwork, for one answer of yes or no "
                    + "BinaryClassification.Trainers.TwoLayerNetwork"),
            _ => throw UnknownMember.Of(task),
        };
        return context.ExceptSchemaMismatch(argument, "label", name, expected, type + remedy);
    }

    /// <summary>The error for a label column whose number of classes no network can have.</summary>
    /// <param name="reason">A sentence about the reason; empty where nothing is known.</param>
    public static ArgumentOutOfRangeException WrongClassCount(string name, ulong count, string reason) => new(
        "input", count, $"Label column '{Shown.Text(name)}' has {count} {(count == 1 ? "class" : "classes")}; 2 "
            + $"to {OptionTable.MaxCount} are expected.{(reason.Length > 0 ? " " : "")}{reason}");

    private static LabelShape OfKey(IExceptionContext context, DataViewSchema.Column label)
    {
        if (label.Type is not KeyDataViewType key)
        {
            throw Mismatch(context, label.Name, label.Type.ToString() ?? "", LearningTask.Multiclass);
        }

        // Fewer than 2 may mean that labels are missing, which only the rows tell: see FewClasses.
        if (key.Count > OptionTable.MaxCount)
        {
            throw WrongClassCount(label.Name, key.Count, "");
        }

        return new LabelShape((int)key.Count, (int)key.Count, 0);
    }

    private static LabelShape OfVector(DataViewSchema.Column label)
    {
        int size = ((VectorDataViewType)label.Type).Size;
        return size <= OptionTable.MaxCount
            ? new LabelShape(0, 1, size)
            : throw new ArgumentOutOfRangeException(
                "input", size, $"Label column '{Shown.Text(label.Name)}' has {size} slots; 1 to {OptionTable.MaxCount} are expected.");
    }
}
