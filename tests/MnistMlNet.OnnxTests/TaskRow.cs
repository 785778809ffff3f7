using Microsoft.ML.Data;

namespace MnistMlNet.OnnxTests;

/// <summary>A row with a scalar and a vector as features, and a label for each task.</summary>
internal sealed class TaskRow
{
    public float Length { get; set; }

    [VectorType(4)]
    public float[] Colour { get; set; } = [];

    public bool Flag { get; set; }

    public float Amount { get; set; }

    [VectorType(3)]
    public float[] Amounts { get; set; } = [];

    public float Count { get; set; }

    [VectorType(3)]
    public bool[] Answers { get; set; } = [];

    /// <summary>Makes rows whose labels depend on the features, each in its own unit.</summary>
    public static TaskRow[] Make(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            float length = 500 + (100 * random.NextSingle());
            float[] colour = [.. Enumerable.Range(0, 4).Select(_ => random.NextSingle())];
            float x = (length - 550) / 50;
            return new TaskRow
            {
                Length = length,
                Colour = colour,
                Flag = x + colour[0] > colour[1],
                Amount = (1000 * x * colour[0]) + 30_000,
                Amounts = [x, 1e-3f * colour[1] * colour[2], 1e6f * (x + colour[3])],
                Count = (int)(10 * colour[0] * colour[1]),
                Answers = [x > 0, colour[0] > 0.7f, x + colour[1] > 1],
            };
        })];
    }
}
