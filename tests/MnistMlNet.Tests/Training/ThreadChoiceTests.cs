using MnistMlNet.Configuration;

namespace MnistMlNet.Tests.Training;

/// <summary>The maximum number of threads that a training may use.</summary>
public class ThreadChoiceTests
{
    [Theory]
    [InlineData(null, 2, 2)]
    [InlineData(1, 2, 1)]
    [InlineData(2, 2, 2)]
    [InlineData(64, 2, 2)]
    [InlineData(1024, 2, 2)]
    [InlineData(5, 8, 5)]
    public void A_given_number_is_capped_at_the_processors_and_left_open_it_is_all_of_them(int? given, int processors, int expected) =>
        Assert.Equal(expected, ResolvedOptions.ChooseNumberOfThreads(given, processors));

    [Theory]
    [InlineData(1)]
    [InlineData(1024)]
    [InlineData(null)]
    public void The_plan_never_has_more_threads_than_the_machine_has_processors(int? given)
    {
        var options = new TwoLayerNetworkTrainer.Options { NumberOfThreads = given };

        ResolvedOptions plan = ResolvedOptions.Create(options,
            new TrainingFacts(RowCount: 20, InputCount: 5, MeanMagnitude: () => 1, Seed: 1), classWeights: null);

        Assert.Equal(Math.Min(given ?? Environment.ProcessorCount, Environment.ProcessorCount), plan.NumberOfThreads);
        Assert.Null(plan.WorkerCounts);
    }
}
