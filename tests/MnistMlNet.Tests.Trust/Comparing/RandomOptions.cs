namespace MnistMlNet.Tests.Trust.Comparing;

/// <summary>Draws options of the trainer: any combination that it accepts, over few epochs.</summary>
internal static class RandomOptions
{
    private static readonly float[] s_momenta = [0, 0.5f, 0.9f];

    public static TwoLayerNetworkTrainer.Options Draw(Random random, int rows, int classes)
    {
        var options = new TwoLayerNetworkTrainer.Options
        {
            HiddenUnits = random.Chance(0.5) ? random.Next(1, 20) : random.Next(1, 151),
            Activation = random.OneOf(Enum.GetValues<Activation>()),
            Optimizer = random.OneOf(
                Optimizer.Adam, Optimizer.Adam, Optimizer.Adam, Optimizer.GradientDescent, Optimizer.GradientDescent, Optimizer.RmsProp,
                Optimizer.Lbfgs),
            NumberOfEpochs = random.Next(1, 5),
            Seed = random.Next(int.MinValue, int.MaxValue),
            NumberOfThreads = random.Next(1, 4),
            Shuffle = random.Chance(0.7),
            StandardizeFeatures = random.Chance(0.5),
            LabelSmoothing = random.Chance(0.3) ? random.NextSingle() * 0.3f : 0,
            L2Regularization = random.Chance(0.3) ? 0 : random.Maybe(0.6, 1e-4, 0.3),
            BalancedClassWeights = random.Chance(0.15),
            ExampleWeightColumnName = random.Chance(0.4) ? nameof(RandomRow.Weight) : null,
        };
        if (!options.BalancedClassWeights && random.Chance(0.2))
        {
            options.ClassWeights = Enumerable.Range(0, classes).Where(_ => random.Chance(0.6)).ToDictionary(
                c => c.ToString(System.Globalization.CultureInfo.InvariantCulture), _ => random.Between(0.2, 5));
        }

        if (random.Chance(0.3))
        {
            options.EarlyStoppingPatience = random.Next(0, 3);
            options.EarlyStoppingTolerance = random.OneOf(0, 1e-4f, 0.05f);
            options.RestoreBestEpoch = random.Chance(0.7);
        }

        if (options.Optimizer == Optimizer.Lbfgs)
        {
            options.BatchSize = random.OneOf<int?>(null, 0);
            options.LbfgsHistorySize = random.Chance(0.5) ? random.Next(1, 12) : null;
            options.NumberOfEpochs = random.Next(1, 7);
        }
        else
        {
            DrawSteps(random, options, rows);
        }

        return options;
    }

    private static void DrawSteps(Random random, TwoLayerNetworkTrainer.Options options, int rows)
    {
        options.CacheRows = random.Chance(0.7);
        options.BatchSize = random.Next(6) switch
        {
            0 => null,
            1 when options.CacheRows => 0,
            2 => rows + random.Next(3),
            3 => 1,
            _ => random.Next(2, 40),
        };
        options.L1Regularization = random.Chance(0.3) ? random.Between(1e-4, 0.1) : 0;
        options.MaxNorm = random.Maybe(0.25, 0.3, 3);
        options.GradientClipNorm = random.Maybe(0.25, 0.05, 2);
        options.InputDropout = random.Chance(0.3) ? 0.6f * random.NextSingle() : random.OneOf<float?>(0, null);
        options.HiddenDropout = random.Chance(0.35) ? 0.8f * random.NextSingle() : 0;
        options.WarmUpEpochs = random.Chance(0.35) ? 3 * random.NextSingle() : 0;
        options.LearningRateSchedule = random.Chance(0.2) ? null : random.OneOf(Enum.GetValues<LearningRateSchedule>());
        switch (options.LearningRateSchedule)
        {
            case LearningRateSchedule.Step:
            case LearningRateSchedule.OnPlateau:
                options.LearningRateDropEpochs = random.OneOf<int?>(1, 2, null);
                options.LearningRateDropFactor = random.Maybe(0.7, 0.1, 0.9);
                break;
            case LearningRateSchedule.InverseScaling:
                options.InverseScalingPower = random.Maybe(0.7, 0.2, 2);
                break;
            default:
                break;
        }

        switch (options.Optimizer)
        {
            case Optimizer.Adam:
                options.LearningRate = random.Maybe(0.8, 1e-4, 3e-2);
                options.Beta1 = random.Chance(0.3) ? random.OneOf(0, 0.5f, 0.95f) : null;

                // With β₂ alone at 0, m / |g| grows without bound where g passes 0, and the rounding error with it.
                options.Beta2 = random.Chance(0.3) ? random.OneOf(options.Beta1 == 0 ? 0 : 0.9f, 0.9f, 0.99f) : null;
                options.Epsilon = random.Maybe(0.4, 1e-9, 1e-3);
                break;
            case Optimizer.RmsProp:
                options.LearningRate = random.Maybe(0.8, 1e-4, 1e-2);
                options.RmsPropDecay = random.Chance(0.3) ? random.OneOf(0, 0.5f, 0.99f) : null;
                options.Epsilon = random.Maybe(0.4, 1e-9, 1e-3);
                break;
            default:
                options.LearningRate = random.Maybe(0.8, 1e-3, 0.1);
                options.Momentum = random.OneOf(s_momenta);
                options.Nesterov = options.Momentum > 0 && random.Chance(0.5);
                break;
        }
    }
}
