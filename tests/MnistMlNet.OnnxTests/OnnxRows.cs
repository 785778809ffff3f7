using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace MnistMlNet.OnnxTests;

/// <summary>Runs the rows of a data view through a file. Each input of the graph gets the column of its name and type.</summary>
internal static class OnnxRows
{
    /// <summary>Runs all rows at once.</summary>
    /// <param name="path">The file.</param>
    /// <param name="rows">Rows with the columns that are inputs of the graph.</param>
    public static OnnxOutputs Run(string path, IDataView rows)
    {
        using var session = new InferenceSession(path);
        int count = (int)rows.GetRowCount()!.Value;
        NamedOnnxValue[] inputs = [.. session.InputMetadata.Keys.Select(name => Tensor(name, rows.Schema[name], rows, count))];
        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> results = session.Run(inputs);
        return OnnxOutputs.Of(results.Where(result => result.ElementType != TensorElementType.String), count);
    }

    private static NamedOnnxValue Tensor(string name, DataViewSchema.Column column, IDataView rows, int count)
    {
        DataViewType item = column.Type is VectorDataViewType vector ? vector.ItemType : column.Type;
        return item.RawType switch
        {
            var type when type == typeof(ReadOnlyMemory<char>) => NamedOnnxValue.CreateFromTensor(
                name, Dense(Values<ReadOnlyMemory<char>>(column, rows).Select(text => text.ToString()), count)),
            var type when type == typeof(float) => Tensor<float>(name, column, rows, count),
            var type when type == typeof(double) => Tensor<double>(name, column, rows, count),
            var type when type == typeof(bool) => Tensor<bool>(name, column, rows, count),
            var type when type == typeof(sbyte) => Tensor<sbyte>(name, column, rows, count),
            var type when type == typeof(byte) => Tensor<byte>(name, column, rows, count),
            var type when type == typeof(short) => Tensor<short>(name, column, rows, count),
            var type when type == typeof(ushort) => Tensor<ushort>(name, column, rows, count),
            var type when type == typeof(int) => Tensor<int>(name, column, rows, count),
            var type when type == typeof(uint) => Tensor<uint>(name, column, rows, count),
            var type when type == typeof(long) => Tensor<long>(name, column, rows, count),
            _ => Tensor<ulong>(name, column, rows, count),
        };
    }

    private static NamedOnnxValue Tensor<T>(string name, DataViewSchema.Column column, IDataView rows, int count) =>
        NamedOnnxValue.CreateFromTensor(name, Dense(Values<T>(column, rows), count));

    private static DenseTensor<T> Dense<T>(IEnumerable<T> values, int count)
    {
        T[] all = [.. values];
        return new DenseTensor<T>(all, [count, all.Length / count]);
    }

    private static IEnumerable<T> Values<T>(DataViewSchema.Column column, IDataView rows)
    {
        using DataViewRowCursor cursor = rows.GetRowCursor([column]);
        if (column.Type is VectorDataViewType)
        {
            ValueGetter<VBuffer<T>> getter = cursor.GetGetter<VBuffer<T>>(column);
            VBuffer<T> vector = default;
            while (cursor.MoveNext())
            {
                getter(ref vector);
                foreach (T item in vector.DenseValues().ToArray())
                {
                    yield return item;
                }
            }
        }
        else
        {
            ValueGetter<T> getter = cursor.GetGetter<T>(column);
            T value = default!;
            while (cursor.MoveNext())
            {
                getter(ref value);
                yield return value;
            }
        }
    }
}
