using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MnistMlNet.Primitives;

namespace MnistMlNet.Scoring;

/// <summary>Finds and checks the columns of scored data that an evaluation reads.</summary>
internal static class ScoredColumns
{
    /// <summary>Finds a column by its name.</summary>
    /// <param name="role">What the column is to the evaluation, for the error.</param>
    /// <param name="parameter">The parameter that gives the name, for the error.</param>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public static DataViewSchema.Column Find(IDataView data, string role, string name, string parameter)
    {
        ArgumentException.ThrowIfNullOrEmpty(name, parameter);
        return data.Schema.GetColumnOrNull(name) ?? throw new ArgumentException(
            $"data has no {role} column '{Shown.Text(name)}'; its columns are "
                + $"{Shown.List(data.Schema.Where(column => !column.IsHidden).Select(column => column.Name))}. Give the name of one of "
                + $"them, or score the data first, with the Transform of a model that adds the column.",
            parameter);
    }

    /// <summary>The values that a row has: 1 for a scalar, 0 for a vector of unknown size.</summary>
    public static int SizeOf(DataViewType type) => type is VectorDataViewType vector ? vector.Size : 1;

    /// <summary>The type of one value.</summary>
    public static DataViewType ItemOf(DataViewType type) => type is VectorDataViewType vector ? vector.ItemType : type;

    /// <summary>The error for a column of another type.</summary>
    /// <param name="remedy">A sentence that says what to do.</param>
    public static ArgumentException WrongType(
        string role, DataViewSchema.Column column, string expected, string remedy, string parameter) => new(
        $"The {role} column '{Shown.Text(column.Name)}' is of the type {column.Type}; {expected} is expected. {remedy}", parameter);

    /// <summary>Checks that each label has its prediction.</summary>
    /// <exception cref="ArgumentException">The columns have another number of values, or the same slot names in another order.</exception>
    public static void CheckMatch(
        DataViewSchema.Column label, string role, DataViewSchema.Column prediction, string parameter)
    {
        int labelSize = SizeOf(label.Type), size = SizeOf(prediction.Type);
        if (labelSize != size)
        {
            throw new ArgumentException(
                $"The label column '{Shown.Text(label.Name)}' has {labelSize} values in a row and the {role} column "
                    + $"'{Shown.Text(prediction.Name)}' has {size}; both must have as many. Give the label column that the model was "
                    + $"trained with.",
                parameter);
        }

        if (SlotNames(label) is { } ofLabel && SlotNames(prediction) is { } ofPrediction && !ofLabel.SequenceEqual(ofPrediction)
            && ofLabel.Order(StringComparer.Ordinal).SequenceEqual(ofPrediction.Order(StringComparer.Ordinal)))
        {
            int first = Enumerable.Range(0, size).First(i => ofLabel[i] != ofPrediction[i]);
            throw new ArgumentException(
                $"The label column '{Shown.Text(label.Name)}' and the {role} column '{Shown.Text(prediction.Name)}' have the same slot "
                    + $"names in another order: slot {first} is '{Shown.Text(ofLabel[first])}' in the one and "
                    + $"'{Shown.Text(ofPrediction[first])}' in the other. Concatenate the labels in the order of the training data.",
                parameter);
        }
    }

    /// <summary>The names of the outputs: the slot names of the labels, else of the predictions, else the index from 0. The name of a
    /// scalar is that of its column.</summary>
    public static string[] OutputNames(DataViewSchema.Column label, DataViewSchema.Column prediction)
    {
        if (label.Type is not VectorDataViewType)
        {
            return [label.Name];
        }

        string[]? names = SlotNames(label) ?? SlotNames(prediction);
        return [.. Enumerable.Range(0, SizeOf(label.Type))
            .Select(i => names is not null && names[i].Length > 0 ? names[i] : i.ToString(CultureInfo.InvariantCulture))];
    }

    private static string[]? SlotNames(DataViewSchema.Column column)
    {
        if (!column.HasSlotNames())
        {
            return null;
        }

        VBuffer<ReadOnlyMemory<char>> names = default;
        column.GetSlotNames(ref names);
        return [.. names.DenseValues().Select(name => name.ToString())];
    }
}
