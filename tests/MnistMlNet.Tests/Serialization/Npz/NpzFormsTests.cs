using MnistMlNet.Tests.Serialization.Model;

namespace MnistMlNet.Tests.Serialization.Npz;

/// <summary>
/// Archives that NumPy itself wrote, with Data/numpy-forms.py: those in the repository, and new ones where NumPy is installed.
/// </summary>
public sealed class NpzFormsTests : IDisposable
{
    private static readonly string[] s_forms =
    [
        "numpy-original", "numpy-original-compressed", "numpy-float32", "numpy-big-endian", "numpy-fortran",
        "numpy-header-1", "numpy-header-2", "numpy-header-3",
    ];

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Forms => [.. s_forms];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Forms))]
    public void LoadNpz_ArchiveThatNumPyWroteOnce_GivesItsArrays(string form) =>
        AssertArrays(Path.Combine(KeptModel.Folder, form + ".npz"));

    [NumPyFact]
    public void LoadNpz_ArchivesThatTheNumPyHereWrites_GiveTheSameArrays()
    {
        NumPyFactAttribute.Python(Path.Combine(KeptModel.Folder, "numpy-forms.py"), _folder.Path);

        Assert.Equal(s_forms.Length, Directory.GetFiles(_folder.Path).Length);
        Assert.All(Directory.GetFiles(_folder.Path), AssertArrays);
    }

    /// <summary>The numbers of the script, calculated by hand; all but 1e-3 are exact in float32.</summary>
    private static void AssertArrays(string path)
    {
        TwoLayerNetworkModelParameters model = TwoLayerNetworkModelParameters.LoadNpz(path);

        Assert.Equal((3, 2, 4), (model.InputCount, model.HiddenUnits, model.ClassCount));
        Assert.Equal([-0.5f, -0.375f, -0.25f, -0.125f, 0, 0.125f], model.HiddenWeights.ToArray());
        Assert.Equal([1.5f, -2.25f], model.HiddenBiases.ToArray());
        Assert.Equal([0, -0.375f, -0.75f, -1.125f, -1.5f, -1.875f, -2.25f, -2.625f], model.OutputWeights.ToArray());
        Assert.Equal([0, 1, -1, 1e-3f], model.OutputBiases.ToArray());
    }
}
