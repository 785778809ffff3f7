using Microsoft.ML;
using Microsoft.ML.Data;

namespace MnistMlNet.Tests.Trust.Comparing;

/// <summary>Random rows, some of them kept sparse.</summary>
internal sealed class RandomRows
{
    private readonly int _inputs;
    private readonly int _classes;
    private readonly bool[] _areSparse;

    /// <param name="density">The fraction of features that aren't 0.</param>
    /// <param name="scales">The largest magnitude of each feature.</param>
    /// <param name="sparse">The fraction of rows that are given as sparse rows.</param>
    public RandomRows(Random random, int count, int classes, double density, float[] scales, double sparse)
    {
        _inputs = scales.Length;
        _classes = classes;
        Features = new float[count * _inputs];
        for (int i = 0; i < Features.Length; i++)
        {
            Features[i] = random.NextDouble() < density ? (2 * random.NextSingle() - 1) * scales[i % _inputs] : 0;
        }

        // the first classes are the most frequent
        Labels = [.. Enumerable.Range(0, count).Select(_ => random.Next(random.Next(classes) + 1))];
        Weights = [.. Enumerable.Range(0, count).Select(_ => random.Between(0.1, 10))];
        _areSparse = [.. Enumerable.Range(0, count).Select(_ => random.NextDouble() < sparse)];
    }

    /// <summary>Gets the features, row-major.</summary>
    public float[] Features { get; }

    /// <summary>Gets the labels, from 0.</summary>
    public int[] Labels { get; }

    public float[] Weights { get; }

    public IDataView View(MLContext mlContext)
    {
        var schema = SchemaDefinition.Create(typeof(RandomRow));
        schema[nameof(RandomRow.Label)].ColumnType = new KeyDataViewType(typeof(uint), _classes);
        schema[nameof(RandomRow.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, _inputs);

        // Not a list: ML.NET would shuffle a list itself where rows aren't cached, in an order of its own.
        return mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, Labels.Length).Select(Row), schema);
    }

    private RandomRow Row(int row)
    {
        float[] values = Features[(row * _inputs)..((row + 1) * _inputs)];
        int[] indices = _areSparse[row] ? [.. Enumerable.Range(0, _inputs).Where(i => values[i] != 0)] : [];
        return new RandomRow
        {
            Label = (uint)Labels[row],                                          // ML.NET counts keys of a class from 0
            Weight = Weights[row],
            Features = _areSparse[row] ? new VBuffer<float>(_inputs, indices.Length, [.. indices.Select(i => values[i])], indices)
                : new VBuffer<float>(_inputs, values),
        };
    }
}
