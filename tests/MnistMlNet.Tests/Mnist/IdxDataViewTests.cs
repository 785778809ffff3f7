using System.Collections.Concurrent;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MnistMlNet.Tests.Mnist;

public sealed class IdxDataViewTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _mlContext = new(seed: 1);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_schema_is_a_text_label_and_a_vector_of_the_image_s_size()
    {
        IDataView view = Load(3);

        Assert.Equal(["Label", "Features"], view.Schema.Select(column => column.Name));
        Assert.Equal(TextDataViewType.Instance, view.Schema["Label"].Type);
        Assert.Equal(new VectorDataViewType(NumberDataViewType.Single, 6), view.Schema["Features"].Type);
        Assert.Equal(3, view.GetRowCount());
    }

    [Fact]
    public void An_image_of_at_most_half_ink_is_sparse_and_one_of_more_is_dense()
    {
        IDataView view = Load(IdxBytes.Images(2, 2, 3, 0, 9, 0, 8, 7, 0, 1, 2, 3, 4, 0, 255), IdxBytes.Labels(1, 2));

        VBuffer<float>[] rows = [.. view.GetColumn<VBuffer<float>>("Features")];

        Assert.False(rows[0].IsDense);
        Assert.Equal([1, 3, 4], rows[0].GetIndices().ToArray());
        Assert.Equal([0f, 9, 0, 8, 7, 0], rows[0].DenseValues().ToArray());
        Assert.True(rows[1].IsDense);
        Assert.Equal([1f, 2, 3, 4, 0, 255], rows[1].DenseValues().ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(1000)]
    public void Parallel_cursors_deliver_every_row_once_and_their_batches_give_the_order_back(int count)
    {
        IDataView view = Load(count);
        DataViewRowCursor[] cursors = view.GetRowCursorSet(view.Schema, 4);
        ConcurrentBag<(long Batch, long Position, ulong Id, string Label, float First)> rows = [];

        Parallel.ForEach(cursors, cursor =>
        {
            foreach (var row in Rows(cursor))
            {
                rows.Add(row);
            }
        });

        Assert.Equal(Math.Clamp((count + 63) / 64, 1, 4), cursors.Length);
        Assert.Equal(
            Rows(view.GetRowCursor(view.Schema)).Select(row => (row.Id, row.Label, row.First)),
            rows.OrderBy(row => row.Batch).ThenBy(row => row.Position).Select(row => (row.Id, row.Label, row.First)));
        Assert.All(rows.GroupBy(row => row.Batch), batch => Assert.InRange(batch.Count(), 1, 64));
    }

    [Fact]
    public void A_shuffled_cursor_delivers_the_same_rows_with_the_same_ids_in_an_order_that_depends_on_the_seed()
    {
        IDataView view = Load(200);

        var plain = Rows(view.GetRowCursor(view.Schema)).Select(row => (row.Id, row.Label, row.First)).ToArray();
        var shuffled = Rows(view.GetRowCursor(view.Schema, new Random(5))).Select(row => (row.Id, row.Label, row.First)).ToArray();
        var again = view.GetRowCursorSet(view.Schema, 3, new Random(5)).SelectMany(Rows).OrderBy(row => row.Batch).Select(row =>
            (row.Id, row.Label, row.First)).ToArray();

        Assert.NotEqual(plain, shuffled);
        Assert.Equal(plain, shuffled.OrderBy(row => row.Id));
        Assert.Equal(shuffled, again);
    }

    [Fact]
    public void Values_can_be_fetched_only_between_the_first_and_the_last_row()
    {
        IDataView view = Load(1);
        using DataViewRowCursor cursor = view.GetRowCursor(view.Schema);
        ValueGetter<ReadOnlyMemory<char>> label = cursor.GetGetter<ReadOnlyMemory<char>>(view.Schema["Label"]);
        ReadOnlyMemory<char> value = default;

        Assert.Equal(-1, cursor.Position);
        Assert.Throws<InvalidOperationException>(() => label(ref value));
        Assert.True(cursor.MoveNext());
        label(ref value);
        Assert.Equal(0, cursor.Position);
        Assert.False(cursor.MoveNext());
        Assert.False(cursor.MoveNext());
        Assert.Equal(-1, cursor.Position);
        Assert.Throws<InvalidOperationException>(() => label(ref value));
    }

    [Fact]
    public void A_getter_of_the_wrong_type_is_refused_with_the_column_s_name_and_both_types()
    {
        IDataView view = Load(1);
        using DataViewRowCursor cursor = view.GetRowCursor(view.Schema);

        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<float>(view.Schema["Features"]));

        Assert.Contains("'Features'", e.Message, StringComparison.Ordinal);
        Assert.Contains("System.Single", e.Message, StringComparison.Ordinal);
        Assert.Contains("VBuffer", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_column_that_was_not_asked_for_is_inactive_and_its_getter_refused_by_name()
    {
        IDataView view = Load(1);
        using DataViewRowCursor cursor = view.GetRowCursor([view.Schema["Label"]]);

        Assert.True(cursor.IsColumnActive(view.Schema["Label"]));
        Assert.False(cursor.IsColumnActive(view.Schema["Features"]));
        ArgumentOutOfRangeException e = Assert.Throws<ArgumentOutOfRangeException>(() =>
            cursor.GetGetter<VBuffer<float>>(view.Schema["Features"]));
        Assert.Contains("'Features'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ML_NET_s_own_transforms_and_cache_read_the_view()
    {
        IDataView view = Load(130);
        var pipeline = _mlContext.Transforms.Conversion.MapValueToKey("Label").Append(_mlContext.Transforms.NormalizeMinMax("Features"));

        IDataView mapped = _mlContext.Data.Cache(pipeline.Fit(view).Transform(view));

        Assert.Equal(130, mapped.GetColumn<uint>("Label").Count());
        Assert.Equal(Enumerable.Range(0, 130).Select(i => (uint)(i % 10) + 1), mapped.GetColumn<uint>("Label"));
    }

    // Image i is six times i modulo 251, its label i modulo 10.
    private IDataView Load(int count) => Load(
        IdxBytes.Images(count, 2, 3, [.. Enumerable.Range(0, count).SelectMany(i => Enumerable.Repeat((byte)(i % 251), 6))]),
        IdxBytes.Labels([.. Enumerable.Range(0, count).Select(i => (byte)(i % 10))]));

    private IDataView Load(byte[] images, byte[] labels) =>
        _mlContext.Data.LoadFromIdx(_folder.Write("images.idx", images), _folder.Write("labels.idx", labels));

    private static IEnumerable<(long Batch, long Position, ulong Id, string Label, float First)> Rows(DataViewRowCursor cursor)
    {
        using (cursor)
        {
            ValueGetter<DataViewRowId> id = cursor.GetIdGetter();
            ValueGetter<ReadOnlyMemory<char>> label = cursor.GetGetter<ReadOnlyMemory<char>>(cursor.Schema["Label"]);
            ValueGetter<VBuffer<float>> features = cursor.GetGetter<VBuffer<float>>(cursor.Schema["Features"]);
            DataViewRowId idValue = default;
            ReadOnlyMemory<char> labelValue = default;
            VBuffer<float> featuresValue = default;
            while (cursor.MoveNext())
            {
                id(ref idValue);
                label(ref labelValue);
                features(ref featuresValue);
                yield return (cursor.Batch, cursor.Position, idValue.Low, labelValue.ToString(), featuresValue.GetItemOrDefault(0));
            }
        }
    }
}
