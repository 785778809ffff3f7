using System.CommandLine;
using System.CommandLine.Invocation;
using DigitRecognition;

namespace MnistMlNet.Tests.Samples;

/// <summary>A mistake in the arguments is two lines: what is wrong, and what to do.</summary>
public sealed class UsageErrorTests
{
    [Theory]
    [InlineData("--modle a.zip", "'--modle' is no option of the training.", "Did you mean --model? ")]
    [InlineData("--modle=a.zip", "'--modle' is no option of the training.", "Did you mean --model? ")]
    [InlineData("--Seed 3", "'--Seed' is no option of the training.", "Did you mean --seed? ")]
    [InlineData("-epochs 3", "'-epochs' is no option of the training.", "Did you mean --epochs? ")]
    [InlineData("--hidden 3", "'--hidden' is no option of the training.", "Did you mean --hidden-units? ")]
    [InlineData("--colour red", "'--colour' is no option of the training.", "All options: ")]
    [InlineData("-x", "'-x' is no option of the training.", "All options: ")]
    [InlineData("predict a.csv --ouput b.csv", "'--ouput' is no option of predict.", "Did you mean --output? ")]
    [InlineData("predict a.csv --report r.html", "'--report' is no option of predict.", "It belongs to training. ")]
    [InlineData("preditc a.csv", "'preditc' is no command of this program.", "Did you mean predict? ")]
    [InlineData("train --seed 1", "'train' is no command of this program.", "Training has no command: leave out 'train'.")]
    [InlineData("digits.csv", "'digits.csv' is no command of this program.",
        "To train on this file, write --train digits.csv; to classify its digits, predict digits.csv.")]
    [InlineData("something", "'something' is no command of this program.", "All options: ")]
    [InlineData("predict", "predict has no <csv>; it needs the path of a file.", "Give it after the command: ")]
    [InlineData("predict a.csv b.csv", "'b.csv' is one argument too many; predict reads one file.", "Give one file at a time")]
    [InlineData("--seed", "--seed has no value; it needs <n>.", "Write --seed <n>. ")]
    [InlineData("--seed 1 --model", "--model has no value; it needs <zip>.", "Write --model <zip>. ")]
    [InlineData("--model --seed 1", "--model is '--seed', an option; it must be a path.", "Give --model <zip>, or leave it out.")]
    [InlineData("--seed 1 --seed 2", "--seed is given 2 times; it has one value.", "Leave out all of them but one.")]
    [InlineData("--hidden-units many", "--hidden-units is 'many'; it must be a whole number from 1 to 65536.",
        "For example: --hidden-units 64")]
    [InlineData("--idx a --test b", "--idx can't go with --train or --test: it names a folder with both sets.", "Leave out --idx ")]
    [InlineData("--model EMPTY", "--model is empty; it must be a path.", "Give --model <zip>, or leave it out.")]
    [InlineData("predict EMPTY", "<csv> is empty; it must be a path.", "Give the path of a file.")]
    public void A_mistake_is_said_in_one_line_and_what_to_do_in_the_next(string arguments, string problem, string remedy)
    {
        ParseResult parsed = CommandLine.Create().Parse([.. arguments.Split(' ').Select(text => text == "EMPTY" ? "" : text)]);

        Assert.IsType<ParseErrorAction>(parsed.Action);
        string[] lines = UsageError.Of(parsed).Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.Equal(problem, lines[0]);
        Assert.StartsWith(remedy, lines[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("predict a.csv --model m.zip --output b.csv")]
    [InlineData("--help")]
    [InlineData("predict --help")]
    public void Right_arguments_are_no_mistake(string arguments) => Assert.IsNotType<ParseErrorAction>(
        CommandLine.Create().Parse(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Action);
}
