using System.CommandLine;
using DigitRecognition;

namespace MnistMlNet.Tests.Samples;

public sealed class TrainCommandTests
{
    [Theory]
    [InlineData("--hidden-units", "0", "1 to 65536")]
    [InlineData("--hidden-units", "65537", "1 to 65536")]
    [InlineData("--hidden-units", "many", "1 to 65536")]
    [InlineData("--epochs", "0", "at least 1")]
    [InlineData("--epochs", "2.5", "at least 1")]
    [InlineData("--seed", "99999999999", "a whole number")]
    [InlineData("--target-accuracy", "1.1", "0 to 1")]
    [InlineData("--target-accuracy", "NaN", "0 to 1")]
    [InlineData("--target-accuracy", "96,5", "0 to 1")]
    public void An_option_out_of_range_is_refused_with_its_name_the_value_and_the_range(string option, string value, string wanted)
    {
        string message = Assert.Single(Errors(option, value));

        Assert.StartsWith($"{option} is '{value}'", message, StringComparison.Ordinal);
        Assert.Contains(wanted, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--train")]
    [InlineData("--test")]
    public void A_folder_of_IDX_files_goes_with_no_CSV(string option) =>
        Assert.Contains("--idx can't go with", Assert.Single(Errors("--idx", "folder", option, "digits.csv")), StringComparison.Ordinal);

    [Fact]
    public void All_options_together_and_none_at_all_are_accepted()
    {
        Assert.Empty(Errors());
        Assert.Empty(Errors(
            "--train", "a.csv", "--test", "b.csv", "--hidden-units", "64", "--epochs", "3", "--seed", "-7", "--model", "m.zip",
            "--target-accuracy", "0.965",
            "--report", "report.html"));
    }

    private static string[] Errors(params string[] arguments)
    {
        RootCommand root = [];
        TrainCommand.AddTo(root);
        return [.. root.Parse(arguments).Errors.Select(error => error.Message)];
    }
}
