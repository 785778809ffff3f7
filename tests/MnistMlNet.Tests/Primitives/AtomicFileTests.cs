using Microsoft.ML;
using Microsoft.ML.Data;
using MnistMlNet.Primitives;
using MnistMlNet.Tests.Mnist;

namespace MnistMlNet.Tests.Primitives;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_new_file_holds_what_was_written_and_nothing_else_is_left_in_the_folder()
    {
        AtomicFile.Write(_folder.File("a.bin"), stream => stream.Write([1, 2, 3]));

        Assert.Equal([1, 2, 3], File.ReadAllBytes(_folder.File("a.bin")));
        Assert.Equal(["a.bin"], Directory.EnumerateFiles(_folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void A_shorter_content_replaces_a_longer_one_whole()
    {
        _folder.Write("a.bin", new byte[100]);

        AtomicFile.Write(_folder.File("a.bin"), stream => stream.Write([7]));

        Assert.Equal([7], File.ReadAllBytes(_folder.File("a.bin")));
    }

    [Fact]
    public void A_failure_halfway_leaves_the_old_content_and_no_temporary_file()
    {
        _folder.Write("a.bin", [1, 2, 3]);

        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(_folder.File("a.bin"), stream =>
        {
            stream.Write([9]);
            throw new InvalidOperationException("halfway");
        }));

        Assert.Equal([1, 2, 3], File.ReadAllBytes(_folder.File("a.bin")));
        Assert.Single(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void The_path_holds_the_old_content_until_the_writer_is_done()
    {
        _folder.Write("a.bin", [1]);

        AtomicFile.Write(_folder.File("a.bin"), stream =>
        {
            stream.Write([2]);
            stream.Flush();
            Assert.Equal([1], File.ReadAllBytes(_folder.File("a.bin")));
        });

        Assert.Equal([2], File.ReadAllBytes(_folder.File("a.bin")));
    }

    [Fact]
    public void A_missing_folder_is_named_with_the_path()
    {
        string path = Path.Combine(_folder.File("nowhere"), "a.bin");

        DirectoryNotFoundException e = Assert.Throws<DirectoryNotFoundException>(() => AtomicFile.Write(path, _ => { }));

        Assert.Contains(path, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_in_the_file_s_place_is_refused_by_name()
    {
        IOException e = Assert.Throws<IOException>(() => AtomicFile.Write(_folder.Path, _ => { }));

        Assert.Contains(_folder.Path, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_input_or_output_error_of_the_writer_names_the_path()
    {
        IOException e = Assert.Throws<IOException>(() =>
            AtomicFile.Write(_folder.File("a.bin"), _ => throw new IOException("No space left on device")));

        Assert.Contains("a.bin", e.Message, StringComparison.Ordinal);
        Assert.Contains("No space left on device", e.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_link_stays_a_link_and_its_target_gets_the_content()
    {
        _folder.Write("target.bin", [1]);
        File.CreateSymbolicLink(_folder.File("link.bin"), "target.bin");

        AtomicFile.Write(_folder.File("link.bin"), stream => stream.Write([2]));

        Assert.Equal("target.bin", new FileInfo(_folder.File("link.bin")).LinkTarget);
        Assert.Equal([2], File.ReadAllBytes(_folder.File("target.bin")));
    }

    [Fact]
    public void A_model_saved_atomically_is_loaded_by_ML_NET_with_its_input_schema()
    {
        MLContext mlContext = new(seed: 1);
        IDataView data = mlContext.Data.LoadFromIdx(
            _folder.Write("images", IdxBytes.Images(2, 1, 2, 0, 4, 2, 0)), _folder.Write("labels", IdxBytes.Labels(3, 4)));
        ITransformer model = mlContext.Transforms.NormalizeMinMax("Features").Fit(data);

        mlContext.Model.SaveAtomic(model, data.Schema, _folder.File("model.zip"));

        ITransformer loaded = new MLContext().Model.Load(_folder.File("model.zip"), out DataViewSchema schema);
        Assert.Equal(["Label", "Features"], schema.Select(column => column.Name));

        // Each pixel is divided by its own column's largest value: 2 for the first, 4 for the second.
        Assert.Equal([0f, 1, 1, 0], loaded.Transform(data).GetColumn<float[]>("Features").SelectMany(row => row));
    }
}
