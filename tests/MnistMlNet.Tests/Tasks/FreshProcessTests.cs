using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MnistMlNet.Tests.Trust;

namespace MnistMlNet.Tests.Tasks;

/// <summary>Another process loads a model of each task with only <c>new MLContext().Model.Load</c>.</summary>
public sealed class FreshProcessTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    public static TheoryData<string> Tasks => TaskTraining.All;

    [Theory]
    [MemberData(nameof(Tasks))]
    public void A_process_that_knows_ML_NET_only_gets_the_same_values_of_every_column(string task)
    {
        using var folder = new TemporaryFolder();
        IDataView data = TaskRows.View(_mlContext, TaskRows.Make(30));
        TransformerChain<ITransformer> chain = _mlContext.Transforms.NormalizeMinMax("Features")
            .Append(TaskTraining.Trainer(_mlContext, TaskTraining.Options(task))).Fit(data);
        _mlContext.Model.Save(chain, data.Schema, folder.File("model.zip"));
        using (FileStream view = File.Create(folder.File("rows.idv")))
        {
            _mlContext.Data.SaveAsBinary(data, view);
        }

        ChildProcess.Run(
            ChildProcess.DotNet,
            ["exec", Path.Combine(AppContext.BaseDirectory, "MnistMlNet.Tests.Loader.dll"), "transform", folder.File("model.zip"),
                folder.File("rows.idv"), folder.File("columns.txt")]);

        string[] expected = [.. Columns(chain.Transform(data))];
        Assert.Equal(expected, File.ReadAllLines(folder.File("columns.txt")));
        Assert.Equal(task switch { TaskTraining.Binary => 90, TaskTraining.Labels => 60, _ => 30 }, expected.Length);
    }

    /// <summary>The values of each added column, a line for each row; numbers by the bits.</summary>
    private static IEnumerable<string> Columns(IDataView scored)
    {
        foreach (string name in (string[])["Score", "Probability", "PredictedLabel"])
        {
            IEnumerable<IEnumerable<object>> rows = scored.Schema.GetColumnOrNull(name)?.Type switch
            {
                null => [],
                VectorDataViewType { ItemType: BooleanDataViewType } =>
                    scored.GetColumn<bool[]>(name).Select(row => row.Cast<object>()),
                VectorDataViewType => scored.GetColumn<float[]>(name).Select(row => row.Cast<object>()),
                BooleanDataViewType => scored.GetColumn<bool>(name).Select(value => (object[])[value]),
                _ => scored.GetColumn<float>(name).Select(value => (object[])[value]),
            };
            foreach (IEnumerable<object> row in rows)
            {
                yield return $"{name}: " + string.Join(" ", row.Select(value => string.Create(CultureInfo.InvariantCulture, $"{value:R}")));
            }
        }
    }
}
