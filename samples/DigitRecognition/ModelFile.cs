using Microsoft.ML;
using Microsoft.ML.Data;

namespace DigitRecognition;

/// <summary>Saves the model, and loads it with a check that it fits this program.</summary>
internal static class ModelFile
{
    public const string DefaultPath = "digits.zip";

    /// <summary>Loads a model that reads digits of <see cref="DigitImage.PixelCount"/> pixels.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file isn't a model, or it is a model for other data.</exception>
    public static ITransformer Load(MLContext mlContext, string path)
    {
        if (!File.Exists(path))
        {
            throw new FileNotFoundException(
                $"The model '{path}' does not exist.\nTrain one first, or give another by --model: "
                    + Invocation.Of(path == DefaultPath ? [] : ["--model", path]), path);
        }

        ITransformer model;
        DataViewSchema? schema;
        try
        {
            model = mlContext.Model.Load(path, out schema);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // In a damaged file, ML.NET's parts throw many exception types; the meaning is always the same.
            throw new InvalidDataException($"'{path}' is not a whole model saved by ML.NET: {e.GetBaseException().Message}", e);
        }

        VectorDataViewType wanted = new(NumberDataViewType.Single, DigitImage.PixelCount);
        DataViewType? found = schema?.GetColumnOrNull("Features")?.Type;
        return wanted.Equals(found)
            ? model
            : throw new InvalidDataException($"'{path}' is a model whose column Features is {found?.ToString() ?? "missing"}; {wanted} is "
                + $"expected.");
    }
}
