namespace MnistMlNet.Network;

/// <summary>
/// Divides the panels of the hidden layer into groups. The logits are the sum of what each group adds, in the order of the groups.
/// </summary>
/// <remarks>
/// A thread or a rank owns whole groups, so the order of the sum, and with it every bit, depends on the network only. A group is one panel
/// up to <see cref="MaxCount"/> panels. In wider layers groups have several panels: the partial logits of all groups are in memory at the
/// same time, and each rank sends those of its own.
/// </remarks>
internal readonly struct PanelGroups(PanelLayout hidden)
{
    /// <summary>The maximum number of groups, and so of workers that share one step.</summary>
    public const int MaxCount = 64;

    public int Count => Math.Min(hidden.PanelCount, MaxCount);

    /// <summary>The panels of a group.</summary>
    public PanelRange PanelsOf(int group) => new(FirstPanel(group), FirstPanel(group + 1));

    /// <summary>The panels of groups <paramref name="first"/> … <paramref name="end"/> - 1.</summary>
    public PanelRange PanelsOf(int first, int end) => new(FirstPanel(first), FirstPanel(end));

    /// <summary>The first hidden unit of a group, and their number, without padding.</summary>
    public (int First, int Count) UnitsOf(int group)
    {
        int first = PanelLayout.FirstOutput(FirstPanel(group));
        return (first, Math.Min(PanelLayout.FirstOutput(FirstPanel(group + 1)), hidden.OutputCount) - first);
    }

    /// <summary>The groups of one of <paramref name="ownerCount"/> owners, so that all own about the same number of units.</summary>
    public (int First, int End) OwnedBy(int owner, int ownerCount) => (FirstGroup(owner, ownerCount), FirstGroup(owner + 1, ownerCount));

    private int FirstPanel(int group) => (int)((long)group * hidden.PanelCount / Count);

    /// <summary>The first group that begins at or after the owner's part of the units, or nearer to it than the group before.</summary>
    private int FirstGroup(int owner, int ownerCount)
    {
        double ideal = (double)owner * hidden.PaddedOutputCount / ownerCount;
        int group = 0;
        while (group < Count && Middle(group) < ideal)
        {
            group++;
        }

        return group;
    }

    private double Middle(int group)
    {
        (int first, int count) = hidden.OutputsOf(PanelsOf(group));
        return first + count / 2.0;
    }
}
