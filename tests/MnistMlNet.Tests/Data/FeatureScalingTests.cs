using MnistMlNet.Data;
using MnistMlNet.Network;
using MnistMlNet.Tests.Network;

namespace MnistMlNet.Tests.Data;

/// <summary>Centres and scales by hand arithmetic.</summary>
public class FeatureScalingTests
{
    [Fact]
    public void Dense_features_get_their_mean_and_standard_deviation()
    {
        FeatureScaling scaling = Create([[2999, -8], [3001, 0], [2999, 8], [3001, 16]])!;

        Assert.Equal([3000f, 4f], scaling.Centers.ToArray());
        Check.Close([1, Math.Sqrt(80)], scaling.Scales.ToArray(), 1e-6, "scales");              // (144 + 16 + 16 + 144) / 4
        Assert.False(Array.Exists(scaling.IsConstant, isConstant => isConstant));
    }

    [Fact]
    public void Features_that_are_standardized_already_stay_as_they_are() =>
        Assert.Null(Create([[-1, 1], [1, -1.5f], [-1, 1], [1, -0.5f]]));

    [Fact]
    public void A_value_far_from_all_others_changes_neither_centre_nor_scale()
    {
        float[][] rows = [.. Enumerable.Range(0, 100).Select(r => new[] { r % 2 == 0 ? 9f : 11f })];

        FeatureScaling without = Create(rows)!, with = Create([.. rows, [60f]])!;

        Check.Close([10, 1], [without.Centers[0], without.Scales[0]], 1e-6, "without");
        Check.Close([10, 1], [with.Centers[0], with.Scales[0]], 1e-6, "with");
    }

    [Fact]
    public void Outliers_that_hide_behind_a_larger_one_are_found_too()
    {
        float[][] rows = [.. Enumerable.Range(0, 100).Select(r => new[] { r % 2 == 0 ? 9f : 11f })];

        FeatureScaling scaling = Create([.. rows, [40f], [-90f]])!;

        Check.Close([10, 1], [scaling.Centers[0], scaling.Scales[0]], 1e-6, "centre and scale");
    }

    [Fact]
    public void No_scaled_value_is_beyond_a_hundred()
    {
        float[][] rows = [.. Enumerable.Range(0, 1000).Select(r => new[] { r % 2 == 0 ? 9f : 11f })];

        FeatureScaling scaling = Create([.. rows, [1e6f]])!;

        Assert.Equal(FeatureScaling.MaxScaled, (1e6f - scaling.Centers[0]) / scaling.Scales[0], 0.01);
    }

    [Fact]
    public void A_pixel_that_is_bright_in_more_than_one_row_of_fifty_has_no_outliers()
    {
        // 1000 rows: 30 of 1; half of the others are 0, half 0.01. The mean of all is 0.03 + 485 · 0.01 / 1000, that of the squares
        // 0.03 + 485 · 0.0001 / 1000. The 30 rows are more than 5 deviations from the mean.
        FeatureScaling scaling = Create(Pixel(brightRows: 30))!;

        double deviation = Math.Sqrt(0.0300485 - 0.03485 * 0.03485);
        Check.Close([0.03485, deviation], [scaling.Centers[0], scaling.Scales[0]], 1e-6, "centre and scale");
        Assert.True((1 - 0.03485) / deviation > 5);
    }

    [Fact]
    public void A_pixel_that_is_bright_in_fewer_rows_has_outliers()
    {
        FeatureScaling scaling = Create(Pixel(brightRows: 16))!;

        Check.Close([0.005, 0.00995], [scaling.Centers[0], scaling.Scales[0]], 1e-6, "centre and scale");   // 1 becomes 100
    }

    [Fact]
    public void A_rare_indicator_stays_0_or_1()
    {
        float[][] rows = [.. Enumerable.Range(0, 100).Select(r => new[] { r == 7 ? 1f : 0f, 5 + r % 2 })];

        FeatureScaling scaling = Create(rows)!;

        Assert.Equal((0f, 1f), (scaling.Centers[0], scaling.Scales[0]));
    }

    [Fact]
    public void A_constant_feature_becomes_0_and_is_named_as_constant()
    {
        FeatureScaling scaling = Create([[7, 3, 0], [7, 5, 0], [7, 3, 0]])!;

        Assert.Equal((7f, 1f), (scaling.Centers[0], scaling.Scales[0]));
        Assert.Equal([true, false, false], scaling.IsConstant);                    // of an input that is always 0 the weights do no harm
    }

    [Theory]
    [InlineData(1e-30f)]
    [InlineData(1e-4f)]
    [InlineData(1e30f)]
    public void Units_make_no_difference(float unit)
    {
        FeatureScaling scaling = Create([[1 * unit], [3 * unit], [1 * unit], [3 * unit]])!;

        Check.Close([2, 1], [scaling.Centers[0] / unit, scaling.Scales[0] / unit], 1e-6, "in units");
    }

    [Fact]
    public void Values_whose_distance_no_float_holds_are_not_centred()
    {
        float[][] rows = [.. Enumerable.Range(0, 40).Select(r => new[] { r == 0 ? float.MaxValue : -float.MaxValue })];

        FeatureScaling scaling = Create(rows)!;

        Assert.Equal(0, scaling.Centers[0]);
        Assert.True(float.MaxValue * scaling.Factors[0] <= FeatureScaling.MaxScaled);
    }

    [Fact]
    public void Among_mostly_zeros_only_features_that_are_nearly_always_there_are_centred()
    {
        // 20 rows, 10 features: one always there, one in half of the rows up to 255, one at 1e-6, one at 1, and nothing else.
        float[][] rows = [.. Enumerable.Range(0, 20).Select(r => new[]
        {
            3000 + r % 2, r % 2 * (r == 1 ? 255 : 100), r % 4 == 0 ? 1e-6f : 0, r % 4 == 1 ? 1f : 0, 0, 0, 0, 0, 0, 0,
        })];

        foreach (bool sparse in new[] { true, false })
        {
            FeatureScaling scaling = Create(rows, sparse)!;

            Assert.Equal([3000.5f, 0, 0, 0, 0, 0, 0, 0, 0, 0], scaling.Centers.ToArray());
            Check.Close([0.5, 255, 1e-6, 1, 1, 1, 1, 1, 1, 1], scaling.Scales.ToArray(), 1e-9, "scales");
        }
    }

    [Fact]
    public void Small_features_of_one_unit_are_divided_by_one_number()
    {
        float[][] rows = [[0.05f, 0, 0, 0], [0, 0.01f, 0, 0], [0, 0, 0.02f, 0]];

        Assert.Equal([0.05f, 0.05f, 0.05f, 0.05f], Create(rows)!.Scales.ToArray());
    }

    [Fact]
    public void A_numeric_column_does_not_change_the_scale_of_small_sparse_features()
    {
        float[][] rows = [[0.05f, 0, 0, 0, 3001], [0, 0.01f, 0, 0, 2999], [0, 0, 0.02f, 0, 3001], [0, 0, 0, 0, 2999]];

        FeatureScaling scaling = Create(rows)!;

        Assert.Equal([0.05f, 0.05f, 0.05f, 0.05f, 1], scaling.Scales.ToArray());
        Assert.Equal([0f, 0, 0, 0, 3000], scaling.Centers.ToArray());
    }

    [Fact]
    public void Rows_are_the_same_whether_they_are_kept_sparse_or_dense()
    {
        float[][] rows = [.. Enumerable.Range(0, 20).Select(r => new[] { r == 3 ? 0 : 3000 + r % 2, r % 5 == 0 ? 20f : 0, 0, 0, 0 })];
        PackedRows sparse = Pack(rows, sparse: true), dense = Pack(rows, sparse: false);
        FeatureScaling scaling = Create(rows)!;

        sparse.Scale(scaling);
        dense.Scale(scaling);

        float[] room = new float[5];
        for (int r = 0; r < rows.Length; r++)
        {
            float[] expected = [.. rows[r].Select((x, i) => (x - scaling.Centers[i]) * scaling.Factors[i])];
            Assert.Equal(expected, sparse.Expand(r, room).ToArray());
            Assert.Equal(expected, dense.Expand(r, room).ToArray());
        }

        Assert.Equal(20, sparse.NonZerosPerInput[0]);
        Assert.NotEqual(0, scaling.Centers[0]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Packed_rows_count_by_their_weights_and_rows_held_back_do_not(bool sparse)
    {
        // Weights 1, 3 and 5 are 1/3, 1 and 5/3 after packing; the last row is held back.
        PackedRows rows = new SampleRows(1, [10, 14, 900], [0, 0, 0], [1, 3, 5]).Pack(sparse);

        FeatureSummary feature = FeatureStatistics.Of(rows, [0, 1]).Of(0);

        Assert.Equal((10f, 14f), (feature.Min, feature.Max));
        Assert.Equal(13, feature.Mean, 1e-6);                                      // (10 + 3 · 14) / 4
        Assert.Equal(Math.Sqrt(3), feature.Deviation, 1e-6);                       // (9 + 3 · 1) / 4
        Assert.Equal(1, feature.NonZeroFraction);
    }

    [Fact]
    public void Parameters_go_to_scaled_features_and_back()
    {
        // One hidden unit: z = 2 x₁ + 3 x₂ + 5. With x₁ = 4 u + 8 and x₂ = u₂ / 2 it is 8 u₁ + 1.5 u₂ + 21.
        var parameters = new NetworkParameters(new NetworkShape(2, 1, 2, Activation.Identity));
        parameters.FromRowMajor([2, 3], [5], [1, 0], [0, 0]);

        parameters.ChangeInputs([4, 0.5f], [8, 0], offsetsByNew: false);
        Assert.Equal([8, 1.5f, 21, 1, 0, 0, 0], FlatParameters.Of(parameters));

        parameters.ChangeInputs([0.25f, 2], [-8, 0], offsetsByNew: true);
        Assert.Equal([2, 3, 5, 1, 0, 0, 0], FlatParameters.Of(parameters));
    }

    private static float[][] Pixel(int brightRows) =>
        [.. Enumerable.Range(0, 1000).Select(r => new[] { r < brightRows ? 1 : r % 2 == 0 ? 0.01f : 0 })];

    private static FeatureScaling? Create(float[][] rows, bool sparse = false)
    {
        var statistics = new FeatureStatistics(rows[0].Length);
        foreach (float[] row in rows)
        {
            if (sparse)
            {
                int[] places = [.. Enumerable.Range(0, row.Length).Where(i => row[i] != 0)];
                statistics.AddSparse(places, [.. places.Select(i => row[i])], weight: 1);
            }
            else
            {
                statistics.AddDense(row, weight: 1);
            }
        }

        return FeatureScaling.Create(statistics, Pack(rows, sparse));
    }

    private static PackedRows Pack(float[][] rows, bool sparse) =>
        new SampleRows(rows[0].Length, [.. rows.SelectMany(row => row)], new int[rows.Length], null).Pack(sparse);
}
