using System.Globalization;
using System.Text.Json.Nodes;
using MnistMlNet.Serialization.Model;
using MnistMlNet.Tests.Trust;

namespace MnistMlNet.Tests.Serialization.Model;

/// <summary>One file of every format version that was ever written is kept in Data, and must always load.</summary>
public sealed class FormatHistoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<int> KeptVersions => [.. Kept()];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(KeptVersions))]
    public void A_kept_model_loads_with_its_parameters_class_names_and_history(int formatVersion) =>
        Assert.Empty(KeptModel.Differences(Path.Combine(KeptModel.Folder, KeptModel.Name(formatVersion))));

    [Theory]
    [MemberData(nameof(KeptVersions))]
    public void A_kept_model_predicts_as_it_did_in_a_process_that_knows_ML_NET_only(int formatVersion) =>
        CheckPredictions(Path.Combine(KeptModel.Folder, KeptModel.Name(formatVersion)));

    [Theory]
    [MemberData(nameof(KeptVersions))]
    public void A_kept_model_has_the_format_version_of_its_name(int formatVersion)
    {
        byte[] payload = SavedZip.Payload(File.ReadAllBytes(Path.Combine(KeptModel.Folder, KeptModel.Name(formatVersion) + ".zip")));

        Assert.Equal(PayloadBytes.Int32(formatVersion), payload[8..12]);
    }

    [Fact]
    public void A_file_of_every_format_version_up_to_the_present_one_is_kept()
    {
        IEnumerable<int> missing = Enumerable.Range(1, ModelFormat.FormatVersion).Except(Kept());
        if (missing.Contains(ModelFormat.FormatVersion))
        {
            string folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "NewFormat")).FullName;
            KeptModel.Write(folder);
            Assert.Fail($"No model of format version {ModelFormat.FormatVersion} is kept. One was written now: once the format is final, "
                + $"copy " +
                $"{KeptModel.Name(ModelFormat.FormatVersion)}.zip and .json from {folder} to tests/MnistMlNet.Tests/Data, as "
                    + $"Data/README.md says.");
        }

        Assert.Empty(missing);
    }

    [Fact]
    public void A_model_written_now_would_pass_when_kept_and_a_damaged_one_would_not()
    {
        KeptModel.Write(_folder.Path);
        string name = _folder.File(KeptModel.Name(ModelFormat.FormatVersion));

        Assert.Empty(KeptModel.Differences(name));
        CheckPredictions(name);

        JsonObject kept = JsonNode.Parse(File.ReadAllText(name + ".json"))!.AsObject();
        kept["rowsSkipped"] = 2;
        kept["probabilities"]![0]![0] = 0.5;
        File.WriteAllText(name + ".json", kept.ToJsonString());
        Assert.Equal("rowsSkipped: 1; 2 is kept", Assert.Single(KeptModel.Differences(name)));
        Assert.Contains("frozen is 0.5", Assert.Throws<InvalidOperationException>(() => CheckPredictions(name)).Message,
            StringComparison.Ordinal);
    }

    private static IEnumerable<int> Kept() => Directory.GetFiles(KeptModel.Folder, "model-format-*.zip")
        .Select(path => int.Parse(Path.GetFileNameWithoutExtension(path)["model-format-".Length..], CultureInfo.InvariantCulture));

    private static void CheckPredictions(string name) => ChildProcess.Run(
        ChildProcess.DotNet, ["exec", Path.Combine(AppContext.BaseDirectory, "MnistMlNet.Tests.Loader.dll"), "check", name + ".zip", name
            + ".json"]);
}
