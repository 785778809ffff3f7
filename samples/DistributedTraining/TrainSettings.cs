using System.CommandLine;
using MnistMlNet;

namespace DistributedTraining;

/// <summary>The command line of a training.</summary>
internal sealed class TrainSettings
{
    private readonly Option<DistributionMode?> _mode = new("--mode")
    {
        Description = "DataParallel, ModelParallel or Averaging; Averaging if there are several ranks, else none",
    };

    private readonly Option<int> _hiddenUnits = new("--hidden-units") { DefaultValueFactory = _ => 32, Description = "hidden units" };
    private readonly Option<int?> _batchSize = new("--batch-size") { Description = "rows of a step" };
    private readonly Option<int?> _epochs = new("--epochs") { Description = "passes over the rows" };
    private readonly Option<int?> _shards = new("--shards") { Description = "parts of the rows; one a rank by default" };
    private readonly Option<int?> _averagingSteps = new("--averaging-steps") { Description = "steps between two averages" };
    private readonly Option<float?> _blockMomentum = new("--block-momentum") { Description = "momentum of the averages" };
    private readonly Option<Optimizer?> _optimizer = new("--optimizer") { Description = "Adam, Lbfgs, GradientDescent or RmsProp" };
    private readonly Option<int> _threads = new("--threads") { DefaultValueFactory = _ => 1, Description = "threads of each rank" };
    private readonly Option<int> _seed = new("--seed") { DefaultValueFactory = _ => 1, Description = "seed of all random numbers" };
    private readonly Option<int> _copies = new("--copies")
    {
        DefaultValueFactory = _ => 1,
        Description = "how often the digits are repeated; above 1 they are distorted at random",
    };

    private readonly Option<int?> _rows = new("--rows") { Description = "use only the first rows" };
    private readonly Option<string?> _checkpoint = new("--checkpoint") { Description = "file for the state of training" };
    private readonly Option<bool> _resume = new("--resume") { Description = "resume from the checkpoint if there is one" };
    private readonly Option<bool> _stream = new("--stream") { Description = "read the rows again in each epoch instead of keeping them" };
    private readonly Option<string> _model = new("--model")
    {
        DefaultValueFactory = _ => "digits.zip",
        Description = "file for the trained model, which rank 0 writes",
    };

    public TrainSettings(Command command)
    {
        Option[] options =
        [
            _mode, _hiddenUnits, _batchSize, _epochs, _shards, _averagingSteps, _blockMomentum, _optimizer, _threads, _seed, _copies, _rows,
            _checkpoint, _resume, _stream, _model,
        ];
        foreach (Option option in options)
        {
            command.Options.Add(option);
        }
    }

    public TrainOptions Read(ParseResult parsed) => new(
        parsed.GetValue(_copies), parsed.GetValue(_rows), parsed.GetValue(_model)!, new TwoLayerNetworkTrainer.Options
        {
            Distribution = parsed.GetValue(_mode),
            HiddenUnits = parsed.GetValue(_hiddenUnits),
            BatchSize = parsed.GetValue(_batchSize),
            NumberOfEpochs = parsed.GetValue(_epochs),
            Shards = parsed.GetValue(_shards),
            AveragingSteps = parsed.GetValue(_averagingSteps),
            BlockMomentum = parsed.GetValue(_blockMomentum),
            Optimizer = parsed.GetValue(_optimizer),
            NumberOfThreads = parsed.GetValue(_threads),
            Seed = parsed.GetValue(_seed),
            CheckpointPath = parsed.GetValue(_checkpoint),
            ResumeFromCheckpoint = parsed.GetValue(_resume),
            CacheRows = !parsed.GetValue(_stream),
        });
}

/// <param name="Copies">How often the training digits are repeated.</param>
/// <param name="Rows">The number of digits to use; null for all.</param>
/// <param name="ModelPath">Where rank 0 saves the model.</param>
/// <param name="Training">The options of the trainer, without the collective.</param>
internal sealed record TrainOptions(int Copies, int? Rows, string ModelPath, TwoLayerNetworkTrainer.Options Training);
