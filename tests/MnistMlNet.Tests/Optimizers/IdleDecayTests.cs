using MnistMlNet.Configuration;
using MnistMlNet.Kernels;
using MnistMlNet.Optimizers;

namespace MnistMlNet.Tests.Optimizers;

public sealed class IdleDecayTests
{
    // A run with validation rows forgets the steps after each epoch, one without keeps them; both must train to the same bits.
    [Fact]
    public void Decay_of_an_epoch_has_the_same_bits_after_epochs_of_strong_decay()
    {
        const int Steps = 60;
        IdleSteps first = new(), later = new();
        for (int n = 0; n < 200_000; n++)
        {
            later.Add(1e-6);
        }

        later.EndEpoch();
        int before = later.Count;
        for (int n = 0; n < Steps; n++)
        {
            first.Add(1 - 0.0017 * n);
            later.Add(1 - 0.0017 * n);
        }

        for (int end = 0; end <= Steps; end++)
        {
            for (int start = 0; start <= end; start++)
            {
                Assert.Equal(first.Decay(start, end), later.Decay(before + start, before + end));
            }
        }
    }

    [Fact]
    public void Decay_of_several_steps_is_the_product_of_theirs()
    {
        var steps = new IdleSteps();
        steps.Add(0.5);
        steps.Add(0.25);
        steps.Add(0.75);

        Assert.Equal(1, steps.Decay(1, 1));
        Assert.Equal(0.25f, steps.Decay(1, 2), 1e-7f);
        Assert.Equal(0.5f * 0.25f * 0.75f, steps.Decay(0, 3), 1e-7f);
    }

    // β₁ = 0.99999 has 1.8 million powers above 1e-8, and 0.9999999 a hundred times as many.
    [Fact]
    public void Adam_without_idle_inputs_makes_no_table_of_powers()
    {
        ResolvedOptions plan = ResolvedOptionsFactory.Adam with { Beta1 = 0.99999f };
        long before = GC.GetAllocatedBytesForCurrentThread();

        ParameterOptimizer.Create(plan, KernelSelector.Best, length: 16);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }
}
