using MnistMlNet.Tests.Trust;

namespace MnistMlNet.Tests.Packaging;

/// <summary>The README's C# examples, as a reader uses them: pasted into a new project outside the repository, with the package.</summary>
[Collection(nameof(PackedLibrary))]
public sealed class ReadmeProgramTests(PackedLibrary library)
{
    [Fact]
    public void Every_program_of_the_README_builds_in_a_new_console_project_and_prints_what_the_README_shows()
    {
        using var all = ReadmeFolder.WithAllDigits();
        // Programs without output in the README run on few digits: on all of them, one takes half a minute.
        using var few = ReadmeFolder.WithFewDigits(500);
        TwoLayerNetworkModelParameters.Create(784, 32, 10, new float[32 * 784], new float[32], new float[10 * 32], new float[10])
            .SaveNpz(Path.Combine(few.Project, "numpy.npz"));
        Create(all.Project);

        Assert.Equal(2, ReadmeProgram.All.Count(program => program.Output is not null));
        Assert.All(ReadmeProgram.All, program =>
        {
            string assembly = Build(all.Project, program.Code);
            string printed = ChildProcess.Run(
                ChildProcess.DotNet, ["exec", assembly], program.Output is null ? few.Project : all.Project);
            Assert.Equal(program.Output ?? printed, printed);
        });
        Assert.All(["flowers.zip", "digits.zip"], file => Assert.True(File.Exists(Path.Combine(all.Project, file)), file));
        Assert.All(["digits.onnx", "mlnet.npz"], file => Assert.True(File.Exists(Path.Combine(few.Project, file)), file));
    }

    /// <summary>
    /// Runs the README's commands. Our package is unpacked into a folder of its own, so that no other project uses it; ML.NET's packages
    /// are read from the folder that these tests use.
    /// </summary>
    private void Create(string folder)
    {
        string cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        var variables = new Dictionary<string, string>
        {
            ["NUGET_PACKAGES"] = Path.Combine(folder, "packages"),
            ["NUGET_FALLBACK_PACKAGES"] = Directory.Exists(cache) ? cache : "",
        };
        Run(ReadmeProgram.NewProject, Path.GetDirectoryName(folder)!, variables, "--no-restore");
        Run(ReadmeProgram.AddPackage.Replace("../MnistMlNet/artifacts", library.Source, StringComparison.Ordinal), folder, variables);
    }

    private static void Run(string command, string folder, Dictionary<string, string> variables, params string[] more) =>
        ChildProcess.Run(ChildProcess.DotNet, [.. command.Split(' ')[1..], .. more], folder, variables);

    private static string Build(string folder, string code)
    {
        File.WriteAllText(Path.Combine(folder, "Program.cs"), code);
        ChildProcess.Build(["build", "--no-restore", "-o", "out", "-warnaserror"], folder);
        return Path.Combine(folder, "out", "Flowers.dll");
    }
}
