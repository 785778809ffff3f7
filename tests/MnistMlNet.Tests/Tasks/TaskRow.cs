using Microsoft.ML.Data;

namespace MnistMlNet.Tests.Tasks;

/// <summary>A row with a label for each task.</summary>
internal sealed class TaskRow
{
    [VectorType(TaskRows.FeatureCount)]
    public float[] Features { get; set; } = [];

    public bool Answer { get; set; }

    public float Number { get; set; }

    public float Count { get; set; }

    [VectorType(TaskRows.LabelCount)]
    public float[] Numbers { get; set; } = [];

    [VectorType(TaskRows.LabelCount)]
    public float[] Answers { get; set; } = [];

    public float Weight { get; set; } = 1;

    public TaskRow With(Action<TaskRow> change)
    {
        var copy = (TaskRow)MemberwiseClone();
        (copy.Features, copy.Numbers, copy.Answers) = ([.. Features], [.. Numbers], [.. Answers]);
        change(copy);
        return copy;
    }
}
