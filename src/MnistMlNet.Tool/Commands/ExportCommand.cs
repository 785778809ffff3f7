using System.CommandLine;
using Microsoft.ML;
using MnistMlNet.Primitives;
using MnistMlNet.Tool.Training;

namespace MnistMlNet.Tool.Commands;

/// <summary>Writes a saved model in other formats.</summary>
internal static class ExportCommand
{
    public static Command Create(TextWriter output) => new("export", "Writes a saved model in another format.")
    {
        Format(
            output, "onnx", "The whole chain, from the columns of the file to the prediction, as an ONNX model.",
            SaveOnnx),
        Format(
            output, "npz", "The weights of the network alone, as a NumPy archive with the arrays w1, b1, w2 and b2.",
            (saved, path) => saved.Network.SaveNpz(path)),
    };

    private static void SaveOnnx(SavedModel saved, string path)
    {
        try
        {
            saved.MlContext.Model.SaveOnnx(saved.Model, saved.Schema, path);
        }
        catch (NotSupportedException e)
        {
            // The rest of the message is for programs: how to save a part of the chain.
            string reason = e.Message.Split(". ")[0].TrimEnd('.');
            throw new InvalidDataException(
                $"{reason}. 'mnistmlnet export npz' writes the network without the steps before it; 'mnistmlnet predict' runs the whole "
                    + "model.", e);
        }
    }

    private static Command Format(TextWriter output, string name, string description, Action<SavedModel, string> write)
    {
        Argument<string> model = Arguments.Model();
        Argument<string> target = new("output") { Description = "The file to write." };
        var command = new Command(name, description) { model, target };
        command.SetAction(parsed =>
        {
            string path = parsed.GetValue(target)!;
            Arguments.CheckFiles([("the model", parsed.GetValue(model)!)], ("the output", path));
            AtomicFile.CheckWritable(path, "output");
            write(SavedModel.Load(parsed.GetValue(model)!), path);
            output.WriteLine($"Written: {path} ({new FileInfo(path).Length / 1024d:N0} KB)");
        });
        return command;
    }
}
