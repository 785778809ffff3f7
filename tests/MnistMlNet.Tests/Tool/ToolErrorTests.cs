using System.Text;
using MnistMlNet.Tests.Trust;

namespace MnistMlNet.Tests.Tool;

/// <summary>Errors name the place, the value and the remedy, in one line, and have the right exit code.</summary>
public sealed class ToolErrorTests : IDisposable
{
    private const string Table = "age,kind\n1,a\n2,b\n3,a\n4,b\n5,a\n6,b\n7,a\n8,b\n9,a\n10,b\n11,a\n12,b\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("age,kind\n1,a\n2,b\n3,a\n4,b\n5,a\nabc,b\n7,a\n8,b\n9,a\n10,b\n11,a\n12,b\n",
        "data.csv, line 7, column 'age': 'abc' is no number, but the column has numbers.")]
    [InlineData("age,kind\n1,\"a\nb\"\n2,b\n3\n", "data.csv, line 5: 1 field; the first line has 2.")]
    [InlineData("age,kind\n1,a\n2,x\"y\n", "data.csv, line 3: a quote (\") inside a field that isn't quoted")]
    [InlineData("age,kind\n1,a\n2,\"b\n3,a\n4,x\"y\n5,a\n", "data.csv, line 3: a quote (\") inside a field that isn't quoted")]
    [InlineData("age,age\n1,a\n", "data.csv, line 1: fields 1 and 2 are both 'age'")]
    [InlineData("age,kind\n", "data.csv has a line of column names but no rows.")]
    [InlineData("", "data.csv is empty")]
    [InlineData("age,kind\n1,a\n2,a\n", "column 'kind': the label has only the value 'a'")]
    [InlineData("age,kind\n1,a\n2,b\n3,c\n4,d\n5,e\n6,f\n", "6 different values in 6 rows are too many classes.")]
    [InlineData("age,kind\n1,a\n1,b\n1,a\n1,b\n", "data.csv has no column to predict 'kind' from")]
    public void Train_UnusableFile_SaysWhere(string content, string expected)
    {
        ToolRun run = ToolRun.Of("train", _folder.Write("data.csv", content), "--label", "kind", "--model", _folder.File("model.zip"));

        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
        Assert.Equal(1, run.Code);
        Assert.False(File.Exists(_folder.File("model.zip")));
    }

    [Theory]
    [InlineData("--label kin", "--label 'kin': data.csv has no such column; did you mean 'kind'?")]
    [InlineData("--label nothing", "--label 'nothing': data.csv has no such column. Its columns are age, kind.")]
    [InlineData("--label kind --ignore agee", "--ignore 'agee': data.csv has no such column; did you mean 'age'?")]
    [InlineData("--label kind --fold 3", "'--fold' was not matched. Did you mean one of the following?")]
    [InlineData("--label kind --folds many", "--folds is 'many'; it must be a whole number from 0 to 100.")]
    [InlineData("--label kind --folds 1", "--folds is 1; it must be 0, or 2 or more.")]
    [InlineData("--label kind --folds 0 --report r.html", "need --folds of 2 or more")]
    [InlineData("--label kind --separator ab", "--separator is 'ab'; it must be one character, or 'tab'.")]
    [InlineData("--label kind --task classes", "'classes' not recognized")]
    [InlineData("", "'--label' is required")]
    public void Train_WrongArguments_GiveExitCode2(string arguments, string expected)
    {
        ToolRun run = ToolRun.Of([
            "train", _folder.Write("data.csv", Table), "--model", _folder.File("model.zip"),
            .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

        Assert.Contains(expected, run.Error + run.Output, StringComparison.Ordinal);
        Assert.Equal(2, run.Code);
    }

    [Theory]
    [InlineData("train", "data.csv", "--label", "kind", "--model", "")]
    [InlineData("train", "", "--label", "kind")]
    [InlineData("predict", "model.zip", "data.csv", "--output", "")]
    [InlineData("export", "npz", "", "a.npz")]
    public void EmptyPath_IsAnErrorInOneLine(params string[] arguments)
    {
        ToolRun run = ToolRun.Of(arguments);

        Assert.NotEqual(0, run.Code);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
        Assert.DoesNotContain("Parameter 'path'", run.Error, StringComparison.Ordinal);
    }

    [UnixTheory]
    [InlineData("train data.csv --label kind --model data.csv", "--model is 'data.csv', which is the data too.")]
    [InlineData("train data.csv --label kind --predictions ./data.csv", "--predictions is './data.csv', which is the data too.")]
    [InlineData("train data.csv --label kind --report out --predictions out", "--predictions is 'out', which is --report too.")]
    [InlineData("train data.csv --label kind --model out --report out", "--report is 'out', which is --model too.")]
    [InlineData("train data.csv --label kind --model link.csv", "--model is 'link.csv', which is the data too.")]
    [InlineData("predict model.zip data.csv --output model.zip", "--output is 'model.zip', which is the model too.")]
    [InlineData("predict model.zip data.csv --output data.csv", "--output is 'data.csv', which is the data too.")]
    [InlineData("report model.zip data.csv --output data.csv", "--output is 'data.csv', which is the data too.")]
    [InlineData("export npz model.zip model.zip", "the output is 'model.zip', which is the model too.")]
    public void Output_ThatIsAnInputOrAnotherOutput_IsRefusedAndNothingIsWritten(string arguments, string expected)
    {
        string data = _folder.Write("data.csv", Table);
        _folder.Write("model.zip", "a model");
        File.CreateSymbolicLink(_folder.File("link.csv"), data);
        string[] files = ["data.csv", "./data.csv", "model.zip", "link.csv", "out"];

        ToolRun run = ToolRun.Of([.. arguments.Split(' ').Select(word => files.Contains(word) ? Path.Join(_folder.File(""), word) : word)]);

        Assert.Equal(2, run.Code);
        string error = run.Error.Replace(_folder.File(""), "", StringComparison.Ordinal).Replace("'/", "'", StringComparison.Ordinal);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.Equal(Table, File.ReadAllText(data));
        Assert.Equal("a model", File.ReadAllText(_folder.File("model.zip")));
        Assert.False(File.Exists(_folder.File("out")));
    }

    [Theory]
    [InlineData("--label a,c", 1, "data.csv, line 2, column 'c': 'x' is no number. Several labels must be all numbers, or all 0 and 1")]
    [InlineData("--label a,one", 1, "column 'one': the label has only the value '5'")]
    [InlineData("--label a,b --task multilabel", 1, "data.csv, line 2, column 'a': '1.5' is neither 0 nor 1")]
    [InlineData("--label a,b --task binary", 2, "--task is binary; with several --label it must be regression or multilabel.")]
    [InlineData("--label b --task multilabel", 2, "--task is multilabel; with one --label it must be binary, multiclass or regression.")]
    [InlineData("--label a,bb", 2, "--label 'bb': data.csv has no such column; did you mean 'b'?")]
    [InlineData("--label a --label a", 2, "--label 'a' is given twice.")]
    [InlineData("--label a,few", 1, "data.csv: only one row has all labels; at least two are needed.")]
    public void Train_SeveralLabels_SayWhichIsWrong(string arguments, int code, string expected)
    {
        string data = _folder.Write("data.csv", "n,a,b,c,one,few\n1,1.5,0,x,5,1\n2,2.5,1,y,5,\n3,3.5,0,x,5,\n4,,1,z,5,2\n");

        ToolRun run = ToolRun.Of(["train", data, "--model", _folder.File("model.zip"), .. arguments.Split(' ')]);

        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
        Assert.Equal(code, run.Code);
    }

    [Fact]
    public void Train_EveryColumnALabel_SaysThatNoneIsLeft() => Assert.Contains(
        "data.csv has no column to predict 'a, b' from: all are labels. Leave out a --label.",
        ToolRun.Of("train", _folder.Write("data.csv", "a,b\n1,2\n2,1\n3,4\n"), "--label", "a,b", "--model", _folder.File("m.zip")).Error,
        StringComparison.Ordinal);

    [Fact]
    public void Predict_MissingColumnOrBadNumber_SaysWhere()
    {
        string model = _folder.File("model.zip");
        Assert.Equal(0, ToolRun.Of("train", _folder.Write("data.csv", Table), "--number", "age", "--label", "kind", "--model", model).Code);

        ToolRun missing = ToolRun.Of("predict", model, _folder.Write("new.csv", "ages\n1\n"));
        ToolRun bad = ToolRun.Of("predict", model, _folder.Write("new.csv", "age\n1\nmany\n"));

        Assert.Contains(
            "new.csv has no column 'age', which the model needs; did you mean 'ages'?", missing.Error, StringComparison.Ordinal);
        Assert.Contains("new.csv, line 3, column 'age': 'many' is no number", bad.Error, StringComparison.Ordinal);
        Assert.Equal((1, 1), (missing.Code, bad.Code));
    }

    [Theory]
    [InlineData("age,kind\n1,a\n2,caf\u00e9\n", 3)]
    [InlineData("\u00e2ge,kind\n1,a\n", 1)]
    [InlineData("age,kind\n1,\"a\nb\"\n2,\"c\nd\u00e9\"\n", 5)]
    public void Train_FileInAnotherEncoding_SaysWhere(string content, int line)
    {
        File.WriteAllBytes(_folder.File("data.csv"), Encoding.Latin1.GetBytes(content));

        ToolRun run = ToolRun.Of("train", _folder.File("data.csv"), "--label", "kind", "--model", _folder.File("model.zip"));

        Assert.Contains($"data.csv, line {line}: bytes that aren't text in UTF-8.", run.Error, StringComparison.Ordinal);
        Assert.Equal(1, run.Code);
    }

    [Fact]
    public void Export_StepThatOnnxDoesntHave_NamesTheOtherCommands()
    {
        string sentences = string.Concat(
            Enumerable.Range(0, 30).Select(i => $"the film number {i} was {(i % 2 == 0 ? "good" : "bad")},{i % 2}\n"));
        string model = _folder.File("model.zip");
        Assert.Equal(0, ToolRun.Of("train", _folder.Write("data.csv", "review,good\n" + sentences), "--text", "review", "--label", "good",
            "--folds", "0", "--model", model).Code);

        ToolRun run = ToolRun.Of("export", "onnx", model, _folder.File("model.onnx"));

        Assert.Contains("can't be written as ONNX", run.Error, StringComparison.Ordinal);
        Assert.Contains("'mnistmlnet export npz'", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("SaveOnnx", run.Error, StringComparison.Ordinal);
        Assert.Equal(1, run.Code);
    }

    [Fact]
    public void Predict_FilesThatArentThereOrNoModels_AreNamed()
    {
        string table = _folder.Write("data.csv", Table);

        Assert.Contains("There is no file 'no.zip'", ToolRun.Of("predict", "no.zip", table).Error, StringComparison.Ordinal);
        Assert.Contains("is no model of ML.NET", ToolRun.Of("predict", table, table).Error, StringComparison.Ordinal);
        Assert.Contains("There is no file 'no.csv'", ToolRun.Of("train", "no.csv", "--label", "x").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_FolderThatIsntThere_IsNamedBeforeTheFileIsRead()
    {
        ToolRun run = ToolRun.Of("train", "no.csv", "--label", "x", "--report", _folder.File("no/report.html"));

        Assert.Contains("--report", run.Error, StringComparison.Ordinal);
        Assert.Contains("does not exist", run.Error, StringComparison.Ordinal);
        Assert.Equal(1, run.Code);
    }
}
