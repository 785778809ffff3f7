using System.CommandLine;
using DistributedTraining;
using MnistMlNet.Mpi;

RootCommand root = new("Trains MnistMlNet's network on MNIST on all ranks that mpirun starts, for example mpirun -np 2 dotnet "
    + "DistributedTraining.dll. Without mpirun there is one rank.");
var train = new TrainSettings(root);
var predict = new Command("predict", "Scores the files of a folder, each rank some of them.");
var score = new PredictSettings(predict);
root.Subcommands.Add(predict);
root.SetAction(parsed => MpiCollective.Run(mpi => TrainJob.Run(mpi, train.Read(parsed))));
predict.SetAction(parsed => MpiCollective.Run(mpi => PredictJob.Run(mpi, score.Read(parsed))));

// Exceptions go to MpiCollective.Run, which ends all ranks.
ParseResult command = root.Parse(args);
int exitCode = command.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
return command.Errors.Count > 0 ? 2 : exitCode;
