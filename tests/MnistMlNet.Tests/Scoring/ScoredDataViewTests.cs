using System.Collections.Concurrent;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MnistMlNet.Tests.Scoring;

public sealed class ScoredDataViewTests
{
    private readonly MLContext _mlContext = new(seed: 1);
    private readonly IDataView _data;
    private readonly TwoLayerNetworkTransformer _transformer;

    public ScoredDataViewTests()
    {
        _data = Examples.Keyed(_mlContext, Examples.Rows(60));
        _transformer = Examples.Trainer(_mlContext).Fit(_data);
    }

    [Fact]
    public void Nothing_is_fetched_before_a_row_is_read()
    {
        var counting = new CountingDataView(_data);

        IDataView scored = _transformer.Transform(counting);

        Assert.Empty(counting.Asked);
        Assert.Equal(counting.GetRowCount(), scored.GetRowCount());
        Assert.Equal(counting.CanShuffle, scored.CanShuffle);
    }

    [Fact]
    public void Columns_that_are_passed_on_need_no_features()
    {
        var counting = new CountingDataView(_data);
        IDataView scored = _transformer.Transform(counting);

        Assert.Equal(Enumerable.Range(0, 60), scored.GetColumn<int>("Id"));

        Assert.Equal(["Id"], counting.Asked);
        Assert.Equal(60, counting.Fetches("Id"));
    }

    [Fact]
    public void Score_and_predicted_label_together_need_the_features_once_a_row_however_often_they_are_read()
    {
        var counting = new CountingDataView(_data);
        IDataView scored = _transformer.Transform(counting);
        using DataViewRowCursor cursor = scored.GetRowCursor([scored.Schema["Score"], scored.Schema["PredictedLabel"]]);
        ValueGetter<VBuffer<float>> getScore = cursor.GetGetter<VBuffer<float>>(scored.Schema["Score"]);
        ValueGetter<VBuffer<float>> getScoreAgain = cursor.GetGetter<VBuffer<float>>(scored.Schema["Score"]);
        ValueGetter<uint> getLabel = cursor.GetGetter<uint>(scored.Schema["PredictedLabel"]);
        VBuffer<float> score = default;
        uint label = 0;

        while (cursor.MoveNext())
        {
            getScore(ref score);
            getLabel(ref label);
            getScoreAgain(ref score);
            getLabel(ref label);
        }

        Assert.Equal(["Features"], counting.Asked);
        Assert.Equal(60, counting.Fetches("Features"));
    }

    [Fact]
    public void A_row_that_is_not_read_is_not_computed()
    {
        var counting = new CountingDataView(_data);
        IDataView scored = _transformer.Transform(counting);
        using DataViewRowCursor cursor = scored.GetRowCursor([scored.Schema["Score"]]);
        ValueGetter<VBuffer<float>> getScore = cursor.GetGetter<VBuffer<float>>(scored.Schema["Score"]);
        VBuffer<float> score = default;

        for (int row = 0; cursor.MoveNext(); row++)
        {
            if (row % 3 == 0)
            {
                getScore(ref score);
            }
        }

        Assert.Equal(20, counting.Fetches("Features"));
    }

    [Fact]
    public void A_cursor_does_not_give_columns_that_were_not_requested()
    {
        IDataView scored = _transformer.Transform(_data);
        using DataViewRowCursor cursor = scored.GetRowCursor([scored.Schema["Score"]]);

        Assert.True(cursor.IsColumnActive(scored.Schema["Score"]));
        Assert.False(cursor.IsColumnActive(scored.Schema["PredictedLabel"]));
        Assert.False(cursor.IsColumnActive(scored.Schema["Features"]));
        Assert.Throws<ArgumentOutOfRangeException>(() => cursor.GetGetter<uint>(scored.Schema["PredictedLabel"]));
        Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<float>(scored.Schema["Score"]));
    }

    [Fact]
    public void Parallel_cursors_give_each_row_once_with_the_scores_of_one_cursor()
    {
        // The cache returns blocks of rows, so there are several blocks only from some thousand rows on.
        IDataView many = _mlContext.Data.Cache(Examples.Keyed(_mlContext, Examples.Rows(6000)));
        IDataView scored = _transformer.Transform(many);
        Dictionary<int, float[]> expected = scored.GetColumn<int>("Id").Zip(Examples.Scores(scored)).ToDictionary(row => row.First, row =>
            row.Second);
        var found = new ConcurrentDictionary<int, float[]>();

        DataViewRowCursor[] cursors = scored.GetRowCursorSet(scored.Schema, 4);
        Parallel.ForEach(cursors, cursor =>
        {
            using (cursor)
            {
                ValueGetter<int> getId = cursor.GetGetter<int>(scored.Schema["Id"]);
                ValueGetter<VBuffer<float>> getScore = cursor.GetGetter<VBuffer<float>>(scored.Schema["Score"]);
                int id = 0;
                VBuffer<float> score = default;
                while (cursor.MoveNext())
                {
                    getScore(ref score);
                    getId(ref id);
                    Assert.True(found.TryAdd(id, [.. score.DenseValues()]), $"Row {id} came twice.");
                }
            }
        });

        Assert.True(cursors.Length > 1, "One cursor proves nothing.");
        Assert.Equal(6000, found.Count);
        Assert.All(expected, row => Assert.Equal(row.Value, found[row.Key]));
    }

    [Fact]
    public void A_shuffled_cursor_gives_the_scores_of_its_rows()
    {
        IDataView cached = _mlContext.Data.Cache(_data);
        IDataView scored = _transformer.Transform(cached);
        float[][] inOrder = Examples.Scores(scored);
        using DataViewRowCursor cursor = scored.GetRowCursor(scored.Schema, new Random(3));
        ValueGetter<int> getId = cursor.GetGetter<int>(scored.Schema["Id"]);
        ValueGetter<VBuffer<float>> getScore = cursor.GetGetter<VBuffer<float>>(scored.Schema["Score"]);
        List<int> ids = [];
        int id = 0;
        VBuffer<float> score = default;

        while (cursor.MoveNext())
        {
            getId(ref id);
            getScore(ref score);
            Assert.Equal(inOrder[id], score.DenseValues());
            ids.Add(id);
        }

        Assert.NotEqual(ids.Order(), ids);
        Assert.Equal(Enumerable.Range(0, 60), ids.Order());
    }

    [Fact]
    public void A_scored_view_can_be_scored_again_and_filtered()
    {
        float[][] expected = Examples.Scores(_transformer.Transform(_data));

        IDataView twice = _transformer.Transform(_transformer.Transform(_data));
        IDataView filtered = _transformer.Transform(_mlContext.Data.TakeRows(_mlContext.Data.SkipRows(twice, 10), 5));

        Assert.Equal(expected, Examples.Scores(twice));
        Assert.Equal(expected[10..15], Examples.Scores(filtered));
    }

    [Fact]
    public void Row_ids_positions_and_batches_are_those_of_the_input()
    {
        IDataView scored = _transformer.Transform(_data);
        using DataViewRowCursor input = _data.GetRowCursor(_data.Schema), output = scored.GetRowCursor(scored.Schema);
        ValueGetter<DataViewRowId> getInputId = input.GetIdGetter(), getOutputId = output.GetIdGetter();
        DataViewRowId inputId = default, outputId = default;

        while (input.MoveNext())
        {
            Assert.True(output.MoveNext());
            getInputId(ref inputId);
            getOutputId(ref outputId);
            Assert.Equal((inputId, input.Position, input.Batch), (outputId, output.Position, output.Batch));
        }

        Assert.False(output.MoveNext());
    }
}
