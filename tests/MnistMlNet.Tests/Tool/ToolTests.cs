using System.Globalization;
using System.Text;
using Microsoft.ML;

namespace MnistMlNet.Tests.Tool;

/// <summary>The commands on small tables in a folder of their own.</summary>
public sealed class ToolTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Train_TableWithAllKindsOfColumns_SaysWhatItFoundAndSavesAModelThatPredicts()
    {
        string data = _folder.Write("flowers.csv", Flowers(60));
        string model = _folder.File("model.zip"), predictions = _folder.File("predictions.csv"), report = _folder.File("report.html");

        ToolRun train = ToolRun.Of(
            "train", data, "--label", "species", "--model", model, "--report", report, "--predictions", predictions, "--folds", "3");

        Assert.Equal(("", 0), (train.Error, train.Code));
        Assert.Matches(@"flowers.csv: 60 rows, 6 columns, separated by commas, with a line of names", train.Output);
        Assert.Matches(@"number +- +left out: it numbers the rows", train.Output);
        Assert.Matches(@"length +number +.* to .*; 6 missing", train.Output);
        Assert.Matches(@"colour +category +3 values: blue, red, white", train.Output);
        Assert.Matches(@"note +text +\d", train.Output);
        Assert.Matches(@"constant +- +left out: one value only", train.Output);
        Assert.Matches(@"Task: +multiclass \(its values are texts; --task changes that\)", train.Output);
        Assert.Matches(@"accuracy +100.0 % ± 0.0", train.Output);
        Assert.Contains("Confusion matrix", File.ReadAllText(report), StringComparison.Ordinal);

        string[] lines = File.ReadAllLines(predictions);
        Assert.EndsWith(
            "predicted species,probability of rose,probability of tulip,probability of violet", lines[0], StringComparison.Ordinal);
        Assert.Equal(61, lines.Length);

        // Columns in another order, without the label, and with a new category.
        string fresh = _folder.Write(
            "new.csv", "note;colour;length;number;constant\nwith, comma;red;;1;x\nother words here;black;\"2,5\";2;x\n");
        ToolRun predict = ToolRun.Of("predict", model, fresh);
        Assert.Equal(("", 0), (predict.Error, predict.Code));
        string[] rows = predict.Output.TrimEnd().Split('\n');
        Assert.Equal(3, rows.Length);
        Assert.StartsWith("\"with, comma\",red,,1,x,rose,0.", rows[1], StringComparison.Ordinal);
        Assert.DoesNotContain(",,", rows[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Train_SameSeed_GivesTheSameFileOfPredictionsAndAModelForMLContext()
    {
        string data = _folder.Write("flowers.csv", Flowers(60));
        string[] Train(string name) => ["train", data, "--label", "species", "--model", _folder.File(name + ".zip"), "--predictions",
            _folder.File(name + ".csv"), "--hidden-units", "7", "--epochs", "20", "--ignore", "note", "--folds", "2"];

        Assert.Equal(0, ToolRun.Of(Train("one")).Code);
        Assert.Equal(0, ToolRun.Of(Train("two")).Code);

        Assert.Equal(File.ReadAllText(_folder.File("one.csv")), File.ReadAllText(_folder.File("two.csv")));
        ITransformer loaded = new MLContext().Model.Load(_folder.File("one.zip"), out DataViewSchema schema);
        TwoLayerNetworkTransformer network = ((IEnumerable<ITransformer>)loaded).OfType<TwoLayerNetworkTransformer>().Single();
        Assert.Equal(7, network.Model.HiddenUnits);
        Assert.Equal(20, network.History.Epochs.Count);
        Assert.Equal(["length", "colour", "species"], schema.Select(column => column.Name));

        // length, whether it is missing, and three colours.
        Assert.Equal(5, network.Model.InputCount);
    }

    [Theory]
    [InlineData("true", "false", "its values are true and false")]
    [InlineData("1", "0", "its values are 0 and 1")]
    public void Train_TwoAnswers_IsBinary(string yes, string no, string reason)
    {
        string data = _folder.Write("answers.csv", Lines("size,answer", 40, i => $"{i % 20}.5,{(i % 20 > 9 ? yes : no)}"));
        string model = _folder.File("model.zip");

        ToolRun train = ToolRun.Of("train", data, "--label", "answer", "--model", model, "--folds", "4");

        Assert.Contains($"Task:  binary ({reason}", train.Output, StringComparison.Ordinal);
        Assert.Matches("area under ROC +1 ± 0", train.Output);
        string[] rows = ToolRun.Of("predict", model, _folder.Write("new.csv", "size\n1\n19\n")).Output.Split('\n');
        Assert.Equal("size,predicted answer,probability of true", rows[0].TrimEnd());
        Assert.StartsWith("1,false,", rows[1], StringComparison.Ordinal);
        Assert.StartsWith("19,true,", rows[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Train_NumbersWithSemicolonsAndDecimalCommas_IsARegression()
    {
        string data = _folder.Write("numbers.csv", Lines("x;z;y", 50, i => $"{i},5;{i % 3};{(2 * i) + 1},0"));
        string model = _folder.File("model.zip");

        ToolRun train = ToolRun.Of("train", data, "--label", "y", "--model", model);

        Assert.Contains("separated by semicolons", train.Output, StringComparison.Ordinal);
        Assert.Contains("Task:  regression (its values are numbers", train.Output, StringComparison.Ordinal);
        string row = ToolRun.Of("predict", model, _folder.Write("new.csv", "x;z\n10,5;1\n")).Output.Split('\n')[1];
        Assert.Equal(21, float.Parse(row.Split(',')[^1], CultureInfo.InvariantCulture), 0.5);
    }

    // y1 = 2 x + 1, y2 = z: each row in which one of both is missing is left out.
    [Theory]
    [InlineData("first,second")]
    [InlineData("first --label second")]
    public void Train_SeveralNumbers_IsOneNetworkWithAnOutputForEach(string labels)
    {
        string data = _folder.Write(
            "numbers.csv", Lines("x,z,first,second", 60, i =>
                $"{7 * i % 60},{i % 3},{(2 * (7 * i % 60)) + 1},{(i == 7 ? "" : $"{i % 3}")}"));
        string model = _folder.File("model.zip"), predictions = _folder.File("predictions.csv"), page = _folder.File("report.html");

        ToolRun train = ToolRun.Of([
            "train", data, "--label", .. labels.Split(' '), "--model", model, "--predictions", predictions, "--report", page,
            "--folds", "3"]);

        Assert.Equal(("", 0), (train.Error, train.Code));
        Assert.Contains("Task:  regression (their values are numbers", train.Output, StringComparison.Ordinal);
        Assert.Contains("1 rows without a label are left out", train.Output, StringComparison.Ordinal);
        Assert.Contains("Trained on 59 rows: 2 inputs, 32 hidden units, 2 outputs", train.Output, StringComparison.Ordinal);
        Assert.Matches(@"mean R² +(0\.9|1)", train.Output);
        Assert.Matches(@"RMSE of second +\d", train.Output);
        Assert.Equal("x,z,first,second,predicted first,predicted second", File.ReadLines(predictions).First());
        Assert.EndsWith(",,", File.ReadAllLines(predictions)[8], StringComparison.Ordinal);
        Assert.Contains("second", File.ReadAllText(page), StringComparison.Ordinal);

        // Neither label is there, and the columns are in another order.
        ToolRun predict = ToolRun.Of("predict", model, _folder.Write("new.csv", "z,x\n2,10\n"));
        Assert.Equal(("", 0), (predict.Error, predict.Code));
        string[] fields = predict.Output.Split('\n')[1].TrimEnd().Split(',');
        Assert.Equal(21, float.Parse(fields[2], CultureInfo.InvariantCulture), 1.0);
        Assert.Equal(2, float.Parse(fields[3], CultureInfo.InvariantCulture), 0.3);
        Assert.Equal(0, ToolRun.Of("report", model, data, "--output", page).Code);
        Assert.Equal(0, ToolRun.Of("export", "onnx", model, _folder.File("model.onnx")).Code);
    }

    // big: x is 20 or more; even: z is 0. Answers may be missing, and a name may have a comma.
    [Fact]
    public void Train_SeveralAnswers_IsMultilabel()
    {
        string data = _folder.Write("answers.csv", Lines("x,z,\"big, or not\",even", 60, i =>
            $"{i % 40},{i % 2},{(i == 3 ? "" : i % 40 >= 20 ? "1" : "0")},{1 - (i % 2)}"));
        string model = _folder.File("model.zip");

        ToolRun train = ToolRun.Of("train", data, "--label", "big, or not", "--label", "even", "--model", model, "--folds", "3");

        Assert.Equal(("", 0), (train.Error, train.Code));
        Assert.Contains("Task:  multilabel (their values are 0 and 1", train.Output, StringComparison.Ordinal);
        Assert.Matches(@"Label: big, or not, 2 values: [01] \(\d\d\), [01] \(\d\d\); 1 missing", train.Output);
        Assert.Matches(@"micro F1 +\d+\.\d % ± ", train.Output);
        Assert.Contains("Trained on 60 rows", train.Output, StringComparison.Ordinal);
        string[] rows = ToolRun.Of("predict", model, _folder.Write("new.csv", "x,z\n2,0\n38,1\n")).Output.Split('\n');
        Assert.Equal(
            "x,z,\"predicted big, or not\",\"probability of big, or not\",predicted even,probability of even", rows[0].TrimEnd());
        Assert.Matches(@"^2,0,0,[\dE.-]+,1,\d", rows[1]);
        Assert.Matches(@"^38,1,1,[\dE.-]+,0,\d", rows[2]);
        Assert.Equal(0, ToolRun.Of("export", "onnx", model, _folder.File("model.onnx")).Code);
    }

    [Fact]
    public void Report_RowsWithLabels_AreEvaluated()
    {
        string data = _folder.Write("flowers.csv", Flowers(60)), model = _folder.File("model.zip"), page = _folder.File("page.html");
        Assert.Equal(0, ToolRun.Of("train", data, "--label", "species", "--model", model, "--folds", "0").Code);

        ToolRun report = ToolRun.Of("report", model, data, "--output", page);

        Assert.Equal(("", 0), (report.Error, report.Code));
        Assert.Contains("60 test rows", File.ReadAllText(page), StringComparison.Ordinal);
    }

    [Fact]
    public void Export_NumbersOnly_WritesOnnxAndTheWeightsThatLoadNpzReads()
    {
        string data = _folder.Write("numbers.csv", Lines("a,b,kind", 40, i => $"{i % 7},{i % 5},{(i % 7 > 3 ? "high" : "low")}"));
        string model = _folder.File("model.zip"), npz = _folder.File("weights.npz");
        Assert.Equal(0, ToolRun.Of("train", data, "--label", "kind", "--model", model, "--folds", "0", "--hidden-units", "5").Code);

        ToolRun export = ToolRun.Of("export", "npz", model, npz);

        Assert.Equal(("", 0), (export.Error, export.Code));
        var weights = TwoLayerNetworkModelParameters.LoadNpz(npz);
        Assert.Equal((2, 5, 2), (weights.InputCount, weights.HiddenUnits, weights.ClassCount));

        ToolRun onnx = ToolRun.Of("export", "onnx", model, _folder.File("model.onnx"));
        Assert.Equal(("", 0), (onnx.Error, onnx.Code));
        Assert.True(new FileInfo(_folder.File("model.onnx")).Length > 0);
    }

    // A column of numbers with missing values, a category and the label as text: all steps that the tool makes but text.
    [Theory]
    [InlineData("species")]
    [InlineData("length")]
    public void Export_CategoriesAndMissingValues_WritesOnnx(string label)
    {
        string data = _folder.Write("flowers.csv", Flowers(60)), model = _folder.File("model.zip"), file = _folder.File("model.onnx");
        ToolRun train = ToolRun.Of("train", data, "--label", label, "--ignore", "note", "--model", model, "--folds", "0");
        Assert.Equal(("", 0), (train.Error, train.Code));

        ToolRun onnx = ToolRun.Of("export", "onnx", model, file);

        Assert.Equal(("", 0), (onnx.Error, onnx.Code));
        Assert.True(new FileInfo(file).Length > 0);
    }

    private static string Flowers(int count) => Lines("number,length,colour,note,constant,species", count, i =>
    {
        string length = i % 10 == 0 ? "NA" : (2 + (i % 3) + (0.1 * (i % 4))).ToString(CultureInfo.InvariantCulture);
        (string colour, string species) = (i % 3) switch { 0 => ("red", "rose"), 1 => ("white", "tulip"), _ => ("blue", "violet") };
        return $"{i + 1},{length},{colour},\"seen near the \"\"{colour}\"\" house, garden {i}\",x,{species}";
    });

    private static string Lines(string names, int count, Func<int, string> line)
    {
        var text = new StringBuilder(names).Append('\n');
        for (int i = 0; i < count; i++)
        {
            text.Append(line(i)).Append('\n');
        }

        return text.ToString();
    }
}
