using System.Globalization;
using Microsoft.ML;
using MnistMlNet.Configuration;

namespace MnistMlNet.Data;

/// <summary>The check of a label column with fewer than two classes: often the data has no rows, or no label was read.</summary>
internal static class FewClasses
{
    /// <summary>Refuses data without rows or labels, and for a new network also data of one class.</summary>
    /// <param name="columns">The columns of <paramref name="data"/>.</param>
    /// <param name="purpose">What the rows are for: training or validation.</param>
    /// <param name="isNew">Whether a new network gets the classes of this column: it needs two.</param>
    /// <exception cref="InvalidOperationException">There is no row, or no row has a label.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is one class only.</exception>
    public static void Check(TrainingColumns columns, IDataView data, string purpose, bool isNew, Action checkCanceled)
    {
        if (columns.Task != LearningTask.Multiclass || columns.KeyCount >= 2)
        {
            return;
        }

        (long rows, SkippedRows skipped) = Count(columns, data, checkCanceled);
        if (skipped.MissingLabel == rows)
        {
            throw skipped.NoneLeft(purpose);
        }

        if (isNew)
        {
            throw LabelShape.WrongClassCount(columns.Label.Name, (ulong)columns.KeyCount, skipped.MissingLabel == 0 ? "" : string.Create(
                CultureInfo.InvariantCulture,
                $"The labels of {skipped.MissingLabel} of {rows} rows are missing. {SkippedRows.LoaderQuestion}"));
        }
    }

    private static (long Rows, SkippedRows Skipped) Count(TrainingColumns columns, IDataView data, Action checkCanceled)
    {
        using DataViewRowCursor cursor = data.GetRowCursor([columns.Label]);
        Func<ulong> getLabel = LabelReader.GetKeyGetter(cursor, columns.Label);
        var skipped = new SkippedRows();
        long rows = 0;
        for (; cursor.MoveNext(); rows++)
        {
            if (rows % RowReader.RowsBetweenChecks == 0)
            {
                checkCanceled();
            }

            skipped.MissingLabel += columns.IsMissing(getLabel()) ? 1 : 0;
        }

        return (rows, skipped);
    }
}
