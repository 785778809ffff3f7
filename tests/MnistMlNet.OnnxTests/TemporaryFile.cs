namespace MnistMlNet.OnnxTests;

/// <summary>A file for one test, deleted after the test.</summary>
internal sealed class TemporaryFile : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mnistmlnet-").FullName;

    public string Path => System.IO.Path.Combine(_folder, "model.onnx");

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
