using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MnistMlNet.Configuration;
using MnistMlNet.Extensibility;
using MnistMlNet.Network;
using MnistMlNet.Primitives;

namespace MnistMlNet.Data;

/// <summary>The columns that training reads, found and checked.</summary>
internal sealed class TrainingColumns
{
    private int[]? _classOfKey;

    public TrainingColumns(IExceptionContext context, DataViewSchema schema, TwoLayerNetworkTrainer.Options options)
    {
        Label = Find(context, schema, "label", options.LabelColumnName);
        Features = Find(context, schema, "feature", options.FeatureColumnName);
        Weight = options.ExampleWeightColumnName is null ? null : Find(context, schema, "weight", options.ExampleWeightColumnName);
        if (Label.Type is not KeyDataViewType key)
        {
            throw context.ExceptSchemaMismatch("input", "label", Label.Name, "Key<UInt32>", Label.Type.ToString() ?? "");
        }

        if (key.Count > OptionTable.MaxCount)
        {
            throw WrongClassCount(key.Count, "");
        }

        if (Features.Type is not VectorDataViewType { Size: > 0 } vector || vector.ItemType != NumberDataViewType.Single)
        {
            throw context.ExceptSchemaMismatch("input", "feature", Features.Name, "Vector<Single> of known size", Features.Type.ToString()
                ?? "");
        }

        if (vector.Size > NetworkShape.MaxCount)
        {
            throw new ArgumentOutOfRangeException(
                "input", vector.Size, $"Feature column '{Shown.Text(Features.Name)}' has {vector.Size} features; 1 to "
                    + $"{NetworkShape.MaxCount} are wanted.");
        }

        if (Weight is { } weight && weight.Type != NumberDataViewType.Single)
        {
            throw context.ExceptSchemaMismatch("input", "weight", weight.Name, "Single", weight.Type.ToString() ?? "");
        }

        KeyCount = ClassCount = (int)key.Count;
        InputCount = vector.Size;
    }

    public DataViewSchema.Column Label { get; }

    public DataViewSchema.Column Features { get; }

    public DataViewSchema.Column? Weight { get; }

    /// <summary>Gets the number of keys that the label column can have.</summary>
    public int KeyCount { get; }

    /// <summary>Gets the number of classes of the network: that of the keys, unless another column's classes are used.</summary>
    public int ClassCount { get; private set; }

    public int InputCount { get; }

    public IEnumerable<DataViewSchema.Column> All => Weight is { } weight ? [Label, Features, weight] : [Label, Features];

    /// <summary>Whether a key, counted from 1, stands for a missing label.</summary>
    public bool IsMissing(ulong key) => key == 0 || key > (ulong)KeyCount;

    /// <summary>The 0-based class of a 0-based key.</summary>
    public int ClassOf(int key) => _classOfKey is null ? key : _classOfKey[key];

    /// <summary>The error for a label column whose number of classes no network can have.</summary>
    /// <param name="reason">A sentence about the reason; empty where nothing is known.</param>
    public ArgumentOutOfRangeException WrongClassCount(ulong count, string reason) => new(
        "input", count, $"Label column '{Shown.Text(Label.Name)}' has {count} {(count == 1 ? "class" : "classes")}; 2 "
            + $"to {OptionTable.MaxCount} are wanted.{(reason.Length > 0 ? " " : "")}{reason}");

    /// <summary>
    /// Takes over the inputs and classes that a network has: keys are matched by their values, as the same value may have another key here.
    /// </summary>
    /// <param name="data">What these columns are of, for errors: the name of the argument.</param>
    /// <param name="owner">What the network was made for, for errors.</param>
    /// <param name="inputCount">The network's number of features.</param>
    /// <param name="classes">The network's classes; null where they have no values.</param>
    /// <exception cref="ArgumentException">The number of features differs, or a class has no counterpart.</exception>
    public void MapClasses(string data, string owner, int inputCount, int classCount, ClassLabels? classes)
    {
        ClassLabels? own = ClassLabels.From(Label);
        bool byValue = own is not null && classes is not null && !own.ComparableValues.SequenceEqual(classes.ComparableValues);
        if (InputCount != inputCount || (!byValue && KeyCount != classCount))
        {
            throw new ArgumentException($"{data} has {InputCount} features and {KeyCount} classes; {owner} has {inputCount} and "
                + $"{classCount}.", data);
        }

        if (byValue)
        {
            _classOfKey = Match(own!, classes!, data, owner);
        }

        ClassCount = classCount;
    }

    private static int[] Match(ClassLabels own, ClassLabels classes, string data, string owner)
    {
        var places = new Dictionary<object, int>();
        foreach ((int c, object value) in classes.ComparableValues.Index())
        {
            if (!places.TryAdd(value, c))
            {
                throw new ArgumentException($"{data} can't be matched to {owner} by class values: '{Shown.Text(classes.Texts[c])}' is the "
                    + $"value of two classes there. The same key values in the same order are expected.", data);
            }
        }

        return [.. own.ComparableValues.Select((value, key) => places.TryGetValue(value, out int c) ? c : throw Unknown(own.Texts[key]))];

        ArgumentException Unknown(string text)
        {
            string type = own.ItemType.RawType == classes.ItemType.RawType ? "" : $"The class values of {data} are of the type "
                + $"{own.ItemType}, those of {owner} of {classes.ItemType}: convert the label to that type before MapValueToKey.";
            return new ArgumentException(
                $"{data} has the class '{Shown.Text(text)}', which {owner} doesn't have. It has {Shown.List(classes.Texts)}."
                    + $"{(type.Length > 0 ? " " : "")}{type}", data);
        }
    }

    private static DataViewSchema.Column Find(IExceptionContext context, DataViewSchema schema, string role, string name) =>
        schema.GetColumnOrNull(name) ?? throw context.ExceptSchemaMismatch("input", role, name);
}
