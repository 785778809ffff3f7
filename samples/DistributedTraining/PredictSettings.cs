using System.CommandLine;

namespace DistributedTraining;

/// <summary>The command line of batch scoring.</summary>
internal sealed class PredictSettings
{
    private readonly Argument<string> _input = new("folder")
    {
        Description = "folder of the shards: *.csv files without a header, one row of features a line",
    };

    private readonly Option<string> _model = new("--model") { DefaultValueFactory = _ => "digits.zip", Description = "the model" };
    private readonly Option<string> _output = new("--output")
    {
        DefaultValueFactory = _ => "predictions",
        Description = "folder for the predictions, a CSV file for each shard",
    };

    public PredictSettings(Command command)
    {
        command.Arguments.Add(_input);
        command.Options.Add(_model);
        command.Options.Add(_output);
    }

    public (string Input, string Model, string Output) Read(ParseResult parsed) =>
        (parsed.GetValue(_input)!, parsed.GetValue(_model)!, parsed.GetValue(_output)!);
}
