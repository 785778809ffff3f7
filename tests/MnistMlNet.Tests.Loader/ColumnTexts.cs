using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MnistMlNet.Tests.Loader;

/// <summary>The values of the columns that a model of any task adds, as lines of text.</summary>
internal static class ColumnTexts
{
    /// <summary>Transforms a binary view and writes the values of each score column that there is, a line for each row.</summary>
    public static void Write(string modelPath, string rowsPath, string outputPath)
    {
        var mlContext = new MLContext();
        IDataView scored = mlContext.Model.Load(modelPath, out DataViewSchema _).Transform(mlContext.Data.LoadFromBinary(rowsPath));
        File.WriteAllLines(outputPath, ((string[])["Score", "Probability", "PredictedLabel"]).SelectMany(name => Lines(scored, name)));
    }

    private static IEnumerable<string> Lines(IDataView scored, string name) => scored.Schema.GetColumnOrNull(name)?.Type switch
    {
        null => [],
        VectorDataViewType { ItemType: BooleanDataViewType } => scored.GetColumn<bool[]>(name).Select(row => Line(name, row)),
        VectorDataViewType => scored.GetColumn<float[]>(name).Select(row => Line(name, row)),
        BooleanDataViewType => scored.GetColumn<bool>(name).Select(value => Line(name, [value])),
        _ => scored.GetColumn<float>(name).Select(value => Line(name, [value])),
    };

    private static string Line<T>(string name, T[] values) =>
        $"{name}: " + string.Join(" ", values.Select(value => string.Create(CultureInfo.InvariantCulture, $"{value:R}")));
}
