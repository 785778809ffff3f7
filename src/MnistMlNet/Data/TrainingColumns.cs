using System.Collections.Immutable;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MnistMlNet.Configuration;
using MnistMlNet.Network;
using MnistMlNet.Primitives;

namespace MnistMlNet.Data;

/// <summary>Finds and checks the columns that training reads.</summary>
internal sealed class TrainingColumns
{
    private int[]? _classOfKey;

    public TrainingColumns(IExceptionContext context, DataViewSchema schema, TwoLayerNetworkOptions options)
    {
        Label = Find(context, schema, "label", options.LabelColumnName);
        Features = Find(context, schema, "feature", options.FeatureColumnName);
        Weight = options.ExampleWeightColumnName is null ? null : Find(context, schema, "weight", options.ExampleWeightColumnName);
        Task = options.Task;
        AreCounts = options.RegressionLoss == RegressionLoss.Poisson;
        LabelShape label = LabelShape.Of(context, Label, Task);
        KeyCount = label.KeyCount;
        ClassCount = label.ClassCount;
        TargetCount = label.TargetCount;
        if (Features.Type is not VectorDataViewType { Size: > 0 } vector || vector.ItemType != NumberDataViewType.Single)
        {
            throw ColumnErrors.WrongFeatures(
                context, "input", Features.Name, "Vector<Single> of known size", ColumnType.Of(Features.Type));
        }

        if (vector.Size > NetworkShape.MaxCount)
        {
            throw new ArgumentOutOfRangeException(
                "input", vector.Size, $"Feature column '{Shown.Text(Features.Name)}' has {vector.Size} features; 1 to "
                    + $"{NetworkShape.MaxCount} are expected.");
        }

        if (Weight is { } weight && weight.Type != NumberDataViewType.Single)
        {
            throw ColumnErrors.WrongWeight(context, "input", weight.Name, ColumnType.Of(weight.Type));
        }

        InputCount = vector.Size;
    }

    public DataViewSchema.Column Label { get; }

    public DataViewSchema.Column Features { get; }

    public DataViewSchema.Column? Weight { get; }

    public LearningTask Task { get; }

    /// <summary>Gets whether labels are counts, which can't be negative.</summary>
    public bool AreCounts { get; }

    /// <summary>Gets the number of keys of the label column; 0 where it isn't a key.</summary>
    public int KeyCount { get; }

    /// <summary>Gets the number of targets of a row; 0 where its label is a class of many.</summary>
    public int TargetCount { get; }

    /// <summary>Gets the number of outputs of the network.</summary>
    public int OutputCount => Task == LearningTask.Multiclass ? ClassCount : TargetCount;

    /// <summary>Gets whether the label is a vector, even of one slot.</summary>
    public bool IsVector => Label.Type is VectorDataViewType;

    /// <summary>
    /// Gets the number of classes: the number of keys, unless <see cref="MapClasses"/> set another; 2 for a binary label, and 1 where
    /// labels aren't classes.
    /// </summary>
    public int ClassCount { get; private set; }

    public int InputCount { get; }

    public IEnumerable<DataViewSchema.Column> All => Weight is { } weight ? [Label, Features, weight] : [Label, Features];

    /// <summary>Gets whether a key, counted from 1, stands for a missing label.</summary>
    public bool IsMissing(ulong key) => key == 0 || key > (ulong)KeyCount;

    /// <summary>Gets the 0-based class of a 0-based key.</summary>
    public int ClassOf(int key) => _classOfKey is null ? key : _classOfKey[key];

    /// <summary>Gives the classes of a network of which only the texts are known, with the values of the label column.</summary>
    /// <param name="texts">The network's classes as text; empty where they have no names.</param>
    /// <param name="data">The name of the argument that these columns come from, for errors.</param>
    /// <param name="owner">What the texts come from, for errors.</param>
    /// <returns>Null where neither the network nor the label has names.</returns>
    /// <exception cref="ArgumentException">The label column lacks a class, and its classes aren't texts.</exception>
    public ClassLabels? LabelsOf(ImmutableArray<string> texts, string data, string owner)
    {
        ClassLabels? own = ClassLabels.From(Label);
        if (texts.IsEmpty)
        {
            return own;
        }

        ClassLabels? labels = (own ?? ClassLabels.OfTexts([])).WithTexts(texts, out string missing);
        if (labels is null && own!.Texts.Except(texts) is var unknown && unknown.FirstOrDefault() is { } text)
        {
            throw UnknownClass(data, owner, text, texts);
        }

        return labels ?? throw new ArgumentException(
            $"{data} lacks the class '{Shown.Text(missing)}', of which {owner} has only the text, not the value of type {own!.ItemType}. "
                + "Give ContinueFit the transformer, which has the values, or make the keys from all classes: MapValueToKey(…, "
                + "keyData: …).", data);
    }

    /// <summary>Compares the label with the outputs of an existing network, and maps its keys to the network's classes.</summary>
    /// <param name="data">The name of the argument that these columns come from, for errors.</param>
    /// <param name="owner">What the network was made for, for errors.</param>
    /// <param name="classes">The network's classes; null where they have no values.</param>
    /// <param name="names">The names of the network's outputs; empty where they have none.</param>
    /// <exception cref="ArgumentException">The number of features or of outputs differs, or the names do.</exception>
    public void MapOutputs(
        string data, string owner, int inputCount, int outputCount, ClassLabels? classes, ImmutableArray<string> names)
    {
        if (Task == LearningTask.Multiclass)
        {
            MapClasses(data, owner, inputCount, outputCount, classes);
            return;
        }

        if (InputCount != inputCount || OutputCount != outputCount)
        {
            throw new ArgumentException(
                $"{data} has {InputCount} features and {OutputCount} label values; {owner} has {inputCount} and {outputCount}.", data);
        }

        ImmutableArray<string> own = SlotNames.Of(this);
        for (int k = 0; k < Math.Min(own.Length, names.Length); k++)
        {
            if (own[k] != names[k])
            {
                throw new ArgumentException(
                    $"{data} has '{Shown.Text(own[k])}' in slot {k} of the label, where {owner} has '{Shown.Text(names[k])}'. "
                        + "Bring the slots into the same order.", data);
            }
        }
    }

    /// <summary>
    /// Maps the keys of the label column to the classes of an existing network by their values, since a value may have another key here.
    /// </summary>
    /// <param name="data">The name of the argument with these columns, for errors.</param>
    /// <param name="owner">The name of the network or its data, for errors.</param>
    /// <param name="inputCount">The network's number of features.</param>
    /// <param name="classes">The network's classes; null where they have no values.</param>
    /// <exception cref="ArgumentException">The number of features differs, or the network doesn't have one of the classes.</exception>
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
            return UnknownClass(data, owner, text, classes.Texts, type);
        }
    }

    private static ArgumentException UnknownClass(
        string data, string owner, string text, ImmutableArray<string> existing, string type = "") => new(
            $"{data} has the class '{Shown.Text(text)}', which {owner} doesn't have. It has {Shown.List(existing)}."
                + $"{(type.Length > 0 ? " " : "")}{type}", data);

    private static DataViewSchema.Column Find(IExceptionContext context, DataViewSchema schema, string role, string name) =>
        schema.GetColumnOrNull(name) ?? throw ColumnErrors.Missing(
            context, "input", role, name, schema.Where(column => !column.IsHidden).Select(column => column.Name));
}
