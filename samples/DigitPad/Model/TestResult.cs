namespace DigitPad.Model;

/// <summary>The results of a network on digits that it wasn't trained with.</summary>
/// <param name="Digits">The number of digits.</param>
/// <param name="Correct">The number of digits that are classified correctly.</param>
/// <param name="NeverLearned"><c>[HiddenUnits]</c>: the units that change no prediction.</param>
internal sealed record TestResult(int Digits, int Correct, bool[] NeverLearned)
{
    // From one test digit to another, such a unit changes the odds between two classes by at most 1 %. A unit of ReLU that is never active
    // has a range of 0, and one whose weights were decayed to nearly 0 a range of nearly 0, whatever the activation function is.
    private const float MaxLogOdds = 0.01f;

    public double Accuracy => (double)Correct / Digits;

    public static TestResult Measure(PadModel model, IEnumerable<DigitRow> digits)
    {
        float[] lowest = new float[model.HiddenUnits], highest = new float[model.HiddenUnits];
        Array.Fill(lowest, float.PositiveInfinity);
        Array.Fill(highest, float.NegativeInfinity);
        int count = 0, correct = 0;
        foreach (DigitRow digit in digits)
        {
            float[] probabilities = model.Predict(digit.Pixels), activations = model.HiddenActivations(digit.Pixels);
            correct += probabilities.IndexOf(probabilities.Max()) == digit.Label ? 1 : 0;
            count++;
            for (int unit = 0; unit < activations.Length; unit++)
            {
                lowest[unit] = Math.Min(lowest[unit], activations[unit]);
                highest[unit] = Math.Max(highest[unit], activations[unit]);
            }
        }

        return new TestResult(count, correct, [.. model.Effects.Select((effects, unit) =>
            (highest[unit] - lowest[unit]) * (effects.Max() - effects.Min()) <= MaxLogOdds)]);
    }
}
