using Microsoft.ML;
using Microsoft.ML.Data;

namespace MnistMlNet.Tests.Training;

/// <summary>Wide sparse rows where the hidden units are divided among ranks: each leaves updates of its own units for later.</summary>
public sealed class IdleInputsOfRanksTests
{
    private const int Inputs = 2000;
    private const int Classes = 3;

    [Theory]
    [InlineData("each step", 130, 2)]
    [InlineData("each step", 30, 3)]
    [InlineData("slices", 130, 2)]
    [InlineData("clipping", 130, 3)]
    [InlineData("decay", 130, 2)]
    public void Ranks_train_to_the_bytes_of_one_process(string what, int hiddenUnits, int size)
    {
        var context = new MLContext(seed: 1);
        IDataView data = Load(context);
        int[] alone = Fit(null), dense = Fit(null, l1: 1e-30f);
        if (what != "slices")                                                      // there few inputs are idle, and both round alike
        {
            Assert.NotEqual(dense, alone);                                         // else no update was left for later
        }


        (int[]? Result, Exception? Failure)[] ranks = ThreadCollective.Run(size, collective => Fit(collective));

        Assert.All(ranks, rank => Assert.Null(rank.Failure));
        Assert.All(ranks, rank => Assert.Equal(alone, rank.Result));

        int[] Fit(ICollective? collective, float l1 = 0) => Examples.Bits(context.MulticlassClassification.Trainers.TwoLayerNetwork(
            new TwoLayerNetworkTrainer.Options
            {
                Optimizer = Optimizer.Adam,
                NumberOfEpochs = 2,
                HiddenUnits = hiddenUnits,
                StandardizeFeatures = false,
                Seed = 1,
                NumberOfThreads = 1,
                Shuffle = false,
                L1Regularization = l1,
                Collective = collective,
                Distribution = collective is null ? null : DistributionMode.ModelParallel,
                BatchSize = what == "slices" ? 280 : 4,
                GradientClipNorm = what == "clipping" ? 0.1f : null,
                L2Regularization = what == "decay" ? 0.3f : 0,
            }).Fit(data).Model);
    }

    /// <summary>300 rows with values of 2 inputs of 60, which few of the last rows use; two batches of 4 without any value come first.
    /// </summary>
    private static IDataView Load(MLContext context)
    {
        var random = new Random(2);
        var schema = SchemaDefinition.Create(typeof(WideRow));
        schema[nameof(WideRow.Label)].ColumnType = new KeyDataViewType(typeof(uint), Classes);
        schema[nameof(WideRow.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, Inputs);
        return context.Data.LoadFromEnumerable(
            Enumerable.Range(0, 300).Select(r => new WideRow
            {
                Label = (uint)(1 + random.Next(Classes)),
                Features = r < 8 ? new VBuffer<float>(Inputs, 0, [], [])
                    : new VBuffer<float>(Inputs, 2, [1, 0.5f], [Place(r), 1000 + Place(r)]),
            }).ToArray(),
            schema);

        int Place(int row) => 16 * random.Next(row < 280 ? 30 : 3);
    }

    private sealed class WideRow
    {
        public uint Label { get; set; }

        public VBuffer<float> Features { get; set; }
    }
}
