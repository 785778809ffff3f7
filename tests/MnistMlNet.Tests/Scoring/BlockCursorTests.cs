using Microsoft.ML;
using Microsoft.ML.Data;
using MnistMlNet.Scoring;

namespace MnistMlNet.Tests.Scoring;

/// <summary>Scores that are read row after row are computed for blocks of rows, and the consumer sees no difference.</summary>
public sealed class BlockCursorTests
{
    private const int RowCount = 300;

    /// <summary>The maximum number of rows of a block.</summary>
    private const int BlockRows = 64;

    private readonly MLContext _mlContext = new(seed: 1);
    private readonly Example[] _rows = Examples.Rows(RowCount, seed: 2);
    private readonly TwoLayerNetworkTransformer _transformer;
    private readonly float[][] _expected;

    public BlockCursorTests()
    {
        _transformer = Examples.Trainer(_mlContext).Fit(Examples.Keyed(_mlContext, Examples.Rows(60)));
        _expected = [.. _rows.Select(row => Predict(row.Features))];
    }

    [Fact]
    public void Scores_keys_positions_and_ids_are_those_of_each_row_by_itself()
    {
        IDataView data = Examples.View(_mlContext, _rows), scored = _transformer.Transform(data);
        using DataViewRowCursor cursor = Cursor(scored, "Id", "Weight", "Score", "PredictedLabel"),
            plain = data.GetRowCursor([data.Schema["Id"]]);
        ValueGetter<int> getId = cursor.GetGetter<int>(scored.Schema["Id"]);
        ValueGetter<float> getWeight = cursor.GetGetter<float>(scored.Schema["Weight"]);
        ValueGetter<VBuffer<float>> getScore = cursor.GetGetter<VBuffer<float>>(scored.Schema["Score"]);
        ValueGetter<uint> getKey = cursor.GetGetter<uint>(scored.Schema["PredictedLabel"]);
        ValueGetter<DataViewRowId> getRowId = cursor.GetIdGetter(), getPlainId = plain.GetIdGetter();

        for (int r = 0; r < RowCount; r++)
        {
            Assert.True(cursor.MoveNext() && plain.MoveNext());
            int id = 0;
            float weight = 0;
            uint key = 0;
            VBuffer<float> score = default;
            DataViewRowId rowId = default, plainId = default;
            getWeight(ref weight);
            getScore(ref score);
            getId(ref id);
            getKey(ref key);
            getRowId(ref rowId);
            getPlainId(ref plainId);
            Assert.Equal((r, _rows[r].Weight, (long)r, plainId, plain.Batch), (id, weight, cursor.Position, rowId, cursor.Batch));
            Check.SameBits(_expected[r], score.GetValues(), $"row {r}");
            Assert.Equal(Array.IndexOf(_expected[r], _expected[r].Max()) + 1u, key);
        }

        Assert.False(cursor.MoveNext());
        Assert.False(cursor.MoveNext());
        Assert.Equal(-1, cursor.Position);
    }

    [Fact]
    public void A_consumer_of_all_scores_gets_them_in_blocks()
    {
        var counting = new CountingDataView(Examples.View(_mlContext, _rows));
        IDataView scored = _transformer.Transform(counting);

        List<int> fetches = Fetches(counting, Cursor(scored, "Score"), scored, row => true);

        // One row at a time at first; then the first row of a block fetches all of the block, and the last block has what is left.
        Assert.Equal(Enumerable.Range(1, BlockCursor.RowsBeforeBlocks), fetches[..BlockCursor.RowsBeforeBlocks]);
        int[] later = [.. fetches[BlockCursor.RowsBeforeBlocks..].Distinct()];
        Assert.Equal([80, 144, 208, 272, RowCount], later);
        Assert.Equal(BlockCursor.RowsBeforeBlocks + BlockRows, later[0]);
    }

    [Fact]
    public void A_consumer_that_stops_reading_scores_soon_causes_no_further_reading()
    {
        var counting = new CountingDataView(Examples.View(_mlContext, _rows));
        IDataView scored = _transformer.Transform(counting);

        List<int> fetches = Fetches(counting, Cursor(scored, "Score"), scored, row => row < 85);

        // The second block, rows 80 to 143, is read for five of its rows; after it nothing is.
        Assert.Equal(144, fetches[^1]);
    }

    [Theory]
    [InlineData("Label")]
    [InlineData("Features")]
    public void Columns_whose_values_cannot_be_kept_are_passed_on_row_by_row(string column)
    {
        var counting = new CountingDataView(Examples.View(_mlContext, _rows));
        IDataView scored = _transformer.Transform(counting);
        DataViewRowCursor cursor = Cursor(scored, column, "Score");
        Delegate other = column == "Label"
            ? cursor.GetGetter<ReadOnlyMemory<char>>(scored.Schema[column]) : cursor.GetGetter<VBuffer<float>>(scored.Schema[column]);

        List<int> fetches = Fetches(counting, cursor, scored, row => true);

        Assert.NotNull(other);
        Assert.Equal(Enumerable.Range(1, RowCount), fetches);
    }

    [Fact]
    public void A_getter_that_is_requested_late_gives_the_value_of_the_present_row()
    {
        IDataView scored = _transformer.Transform(Examples.View(_mlContext, _rows));
        using DataViewRowCursor cursor = Cursor(scored, "Id", "Score");
        ValueGetter<VBuffer<float>> getScore = cursor.GetGetter<VBuffer<float>>(scored.Schema["Score"]);
        for (int r = 0; r < 100; r++)
        {
            Assert.True(cursor.MoveNext());
            VBuffer<float> score = default;
            getScore(ref score);
        }

        int id = 0;
        cursor.GetGetter<int>(scored.Schema["Id"])(ref id);

        Assert.Equal(99, id);
    }

    [Fact]
    public void Sparse_rows_among_dense_ones_have_their_own_scores()
    {
        VBuffer<float>[] rows = [.. _rows.Select((row, r) =>
            r % 50 == 30 ? new VBuffer<float>(4, 2, [0.5f, -1], [1, 3]) : new VBuffer<float>(4, row.Features))];

        float[][] actual = Examples.Scores(_transformer.Transform(View(rows)));

        float[] sparse = Predict([0, 0.5f, 0, -1]);
        Assert.Equal(RowCount, actual.Length);
        for (int r = 0; r < RowCount; r++)
        {
            Check.SameBits(r % 50 == 30 ? sparse : _expected[r], actual[r], $"row {r}");
        }
    }

    [Fact]
    public void A_row_that_cannot_be_read_fails_when_it_is_reached_and_names_its_position()
    {
        VBuffer<float>[] rows = [.. _rows.Select((row, r) => new VBuffer<float>(r == 100 ? 3 : 4, row.Features))];
        IDataView scored = _transformer.Transform(View(rows));
        using DataViewRowCursor cursor = Cursor(scored, "Score");
        ValueGetter<VBuffer<float>> getScore = cursor.GetGetter<VBuffer<float>>(scored.Schema["Score"]);
        VBuffer<float> score = default;
        for (int r = 0; r < 100; r++)
        {
            Assert.True(cursor.MoveNext());
            getScore(ref score);
            Check.SameBits(_expected[r], score.GetValues(), $"row {r}");
        }

        var error = Assert.Throws<InvalidOperationException>(() =>
        {
            cursor.MoveNext();
            getScore(ref score);
        });

        Assert.Contains("Row 100", error.Message);
        Assert.True(cursor.MoveNext());
        getScore(ref score);
        Check.SameBits(_expected[101], score.GetValues(), "the row after it");
    }

    private static DataViewRowCursor Cursor(IDataView scored, params string[] columns) =>
        scored.GetRowCursor(columns.Select(name => scored.Schema[name]));

    /// <summary>The number of fetched rows after each row of the cursor.</summary>
    private static List<int> Fetches(CountingDataView counting, DataViewRowCursor cursor, IDataView scored, Func<int, bool> isRead)
    {
        using (cursor)
        {
            ValueGetter<VBuffer<float>> getScore = cursor.GetGetter<VBuffer<float>>(scored.Schema["Score"]);
            VBuffer<float> score = default;
            var fetches = new List<int>();
            for (int r = 0; cursor.MoveNext(); r++)
            {
                if (isRead(r))
                {
                    getScore(ref score);
                }

                fetches.Add(counting.Fetches("Features"));
            }

            return fetches;
        }
    }

    private IDataView View(VBuffer<float>[] rows)
    {
        var schema = SchemaDefinition.Create(typeof(VectorRow));
        schema[nameof(VectorRow.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, Examples.FeatureCount);
        return _mlContext.Data.LoadFromEnumerable(rows.Select(row => new VectorRow { Features = row }).ToArray(), schema);
    }

    private float[] Predict(float[] features)
    {
        float[] probabilities = new float[Examples.ClassCount];
        _transformer.Model.Predict(features, probabilities);
        return probabilities;
    }

    private sealed class VectorRow
    {
        public VBuffer<float> Features { get; set; }
    }
}
