using System.Runtime.CompilerServices;
using MnistMlNet.Kernels;
using MnistMlNet.Primitives;

namespace MnistMlNet.Network;

/// <summary>The memory layout of one layer's weights: panels of up to 64 outputs, each panel contiguous and input-major.</summary>
/// <remarks>
/// <para>Within panel p, element (input i, output o) is at <c>Offset(p) + i · Width(p) + o % 64</c>, so the weights of an input in a panel
/// are one contiguous row of 64, four 512-bit vectors. 784 inputs × 64 outputs are 200 KB: one panel at a time stays in the second-level
/// cache, for any width of the layer.</para>
/// <para>Outputs are padded with zeros to a multiple of 16; the last panel is no wider than that needs.</para>
/// </remarks>
internal readonly struct PanelLayout
{
    /// <summary>The number of outputs of a full panel.</summary>
    public const int PanelWidth = 64;

    public PanelLayout(int inputCount, int outputCount)
    {
        InputCount = inputCount;
        OutputCount = outputCount;
        PaddedOutputCount = AlignedArray.Pad(outputCount);
    }

    public int InputCount { get; }

    public int OutputCount { get; }

    public int PaddedOutputCount { get; }

    public int PanelCount => (PaddedOutputCount + PanelWidth - 1) / PanelWidth;

    /// <summary>Gets the number of floats of all panels together.</summary>
    public int Length => checked(InputCount * PaddedOutputCount);

    /// <summary>The first output of a panel.</summary>
    public static int FirstOutput(int panel) => panel * PanelWidth;

    public int Width(int panel) => Math.Min(PanelWidth, PaddedOutputCount - FirstOutput(panel));

    public int Offset(int panel) => FirstOutput(panel) * InputCount;

    public int IndexOf(int input, int output)
    {
        int panel = output / PanelWidth;
        return Offset(panel) + input * Width(panel) + output % PanelWidth;
    }

    /// <summary>All panels of the layer.</summary>
    public PanelRange All => new(0, PanelCount);

    /// <summary>The first output of the range, and their number, padding included.</summary>
    public (int First, int Count) OutputsOf(PanelRange panels)
    {
        int first = Math.Min(FirstOutput(panels.First), PaddedOutputCount);
        return (first, Math.Min(FirstOutput(panels.End), PaddedOutputCount) - first);
    }

    /// <summary>The weights of one panel, inputs by outputs.</summary>
    public MatrixView Panel(ReadOnlySpan<float> panels, int panel) => Panel(panels, panel, 0, InputCount);

    /// <summary>
    /// The weights of one panel from inputs <paramref name="firstInput"/> … <paramref name="firstInput"/> + <paramref name="count"/> - 1.
    /// </summary>
    public MatrixView Panel(ReadOnlySpan<float> panels, int panel, int firstInput, int count)
    {
        int width = Width(panel);
        return new MatrixView(panels.Slice(Offset(panel) + firstInput * width, count * width), count, width, width);
    }

    /// <summary>Copies weights from row-major <c>[outputCount, inputCount]</c>, their public form, into panels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void FromRowMajor(ReadOnlySpan<float> source, Span<float> panels)
    {
        for (int o = 0; o < OutputCount; o++)
        {
            ReadOnlySpan<float> row = source.Slice(o * InputCount, InputCount);
            int start = IndexOf(0, o), step = Width(o / PanelWidth);
            for (int i = 0; i < row.Length; i++)
            {
                panels[start + i * step] = row[i];
            }
        }
    }

    /// <summary>Copies weights from panels into row-major <c>[outputCount, inputCount]</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void ToRowMajor(ReadOnlySpan<float> panels, Span<float> destination)
    {
        for (int o = 0; o < OutputCount; o++)
        {
            Span<float> row = destination.Slice(o * InputCount, InputCount);
            int start = IndexOf(0, o), step = Width(o / PanelWidth);
            for (int i = 0; i < row.Length; i++)
            {
                row[i] = panels[start + i * step];
            }
        }
    }
}

/// <summary>Panels <see cref="First"/> … <see cref="End"/> - 1 of the hidden layer: what one thread or one rank owns.</summary>
internal readonly record struct PanelRange(int First, int End)
{
    public int Count => End - First;
}
