using DigitRecognition;
using MnistMlNet.Tests.Primitives;
using MnistMlNet.Tests.Trust;

namespace MnistMlNet.Tests.Samples;

public sealed class InvocationTests
{
    [Theory]
    [InlineData("digits.csv")]
    [InlineData("--seed")]
    [InlineData("../a/b_1.zip")]
    public void A_plain_text_is_its_own_argument(string text) => Assert.Equal(text, Invocation.Quote(text));

    [LinuxFact]
    public void The_shell_reads_quoted_texts_as_they_were()
    {
        string[] texts = ["my digits.csv", "it's", "$HOME", "a;b", "*", "\"", "a\\b", "`ls`", "", "~", "#1", "é"];

        Assert.Equal(
            string.Concat(texts.Select(text => text + "\n")),
            ChildProcess.Run("/bin/sh", ["-c", $"printf '%s\\n' {string.Join(' ', texts.Select(Invocation.Quote))}"]));
    }

    [Fact]
    public void The_command_names_the_project_of_the_sample()
    {
        string command = Invocation.Of("predict", "my digits.csv");

        const string Start = "dotnet run -c Release --project ";
        string project = Path.Combine(Repository.Root, "samples", "DigitRecognition");
        Assert.Equal($"{Start}{Invocation.Quote(Invocation.Shorter(project))} -- predict {Invocation.Quote("my digits.csv")}", command);
        Assert.True(File.Exists(Path.Combine(project, "DigitRecognition.csproj")));
    }

    [Fact]
    public void A_path_below_the_current_folder_is_relative_and_another_one_is_whole()
    {
        string current = Directory.GetCurrentDirectory();

        Assert.Equal(Path.Combine("a", "b"), Invocation.Shorter(Path.Combine(current, "a", "b")));
        Assert.Equal(Path.GetTempPath(), Invocation.Shorter(Path.GetTempPath()));
    }
}
