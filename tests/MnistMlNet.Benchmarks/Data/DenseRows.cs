using Microsoft.ML;
using Microsoft.ML.Data;

namespace MnistMlNet.Benchmarks.Data;

/// <summary>A data set in a form that all sides can read.</summary>
/// <param name="Name">The name in the table.</param>
/// <param name="InputCount">I.</param>
/// <param name="Features">Row-major <c>[rows, I]</c>, -1 to 1.</param>
/// <param name="Labels"><c>[rows]</c>, 0 to 9.</param>
internal sealed record DenseRows(string Name, int InputCount, float[] Features, int[] Labels)
{
    public const int ClassCount = 10;

    public int RowCount => Labels.Length;

    /// <summary>Gets the fraction of the values that aren't 0.</summary>
    public double Density => 1 - (double)Features.AsSpan().Count(0f) / Features.Length;

    public ReadOnlySpan<float> Row(int row) => Features.AsSpan(row * InputCount, InputCount);

    public DenseRows Take(int rows) =>
        rows >= RowCount ? this : this with { Features = Features[..(rows * InputCount)], Labels = Labels[..rows] };

    /// <summary>The rows in ML.NET's form, dense, cached in memory.</summary>
    public IDataView ToDataView(MLContext mlContext)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(DenseRow));
        schema[nameof(DenseRow.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, InputCount);
        schema[nameof(DenseRow.Label)].ColumnType = new KeyDataViewType(typeof(uint), ClassCount);
        return mlContext.Data.Cache(mlContext.Data.LoadFromEnumerable(Rows(), schema));
    }

    private IEnumerable<DenseRow> Rows()
    {
        for (int row = 0; row < RowCount; row++)
        {
            yield return new DenseRow { Label = (uint)Labels[row], Features = Row(row).ToArray() };
        }
    }
}
