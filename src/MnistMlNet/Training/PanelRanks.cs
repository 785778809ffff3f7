using System.Runtime.InteropServices;
using MnistMlNet.Network;
using MnistMlNet.Optimizers;

namespace MnistMlNet.Training;

/// <summary>The ranks that train one network together, each with its own panels of the hidden layer.</summary>
internal sealed class PanelRanks
{
    private readonly ICollective _collective;
    private readonly NetworkParameters _parameters;

    public PanelRanks(ICollective collective, NetworkParameters parameters)
    {
        _collective = collective;
        _parameters = parameters;
        Groups = GroupsOf(collective.Rank);
    }

    /// <summary>Gets the panel groups of this rank; none where there are more ranks than groups.</summary>
    public (int First, int End) Groups { get; }

    /// <summary>Replaces the logits of a batch by the sum of the partial logits of all ranks' groups, in the order of the groups.</summary>
    public void AddPartialLogits(Workspace workspace, int rowCount)
    {
        int length = rowCount * workspace.LogitStride;
        _collective.Sum(
            workspace.PartialLogits.Slice(0, (Groups.End - Groups.First) * length), workspace.Logits.Slice(0, length));
    }

    /// <summary>Completes a block as long as the parameters, of which each rank has the values of its own panels.</summary>
    /// <remarks>The values of the output biases are the same on all ranks already.</remarks>
    public void Gather(Span<float> block)
    {
        foreach ((int rank, ParameterRange range) in Ranges())
        {
            _collective.Broadcast(MemoryMarshal.AsBytes(block.Slice(range.Offset, range.Length)), rank);
        }
    }

    /// <summary>Completes a gradient, of which each rank has that of its own panels.</summary>
    public void Gather(GradientAccumulator gradient)
    {
        foreach ((int rank, ParameterRange range) in Ranges())
        {
            Span<float> part = gradient.Slice(range);
            if (!part.IsEmpty)                                                     // it is empty on all ranks if no row has a value
            {
                _collective.Broadcast(MemoryMarshal.AsBytes(part), rank);
            }
        }
    }

    private IEnumerable<(int Rank, ParameterRange Range)> Ranges()
    {
        var groups = new PanelGroups(_parameters.HiddenLayout);
        for (int rank = 0; rank < _collective.Size; rank++)
        {
            (int first, int end) = GroupsOf(rank);
            foreach (ParameterRange range in _parameters.RangesOf(groups.PanelsOf(first, end)))
            {
                yield return (rank, range);
            }
        }
    }

    private (int First, int End) GroupsOf(int rank) =>
        new PanelGroups(_parameters.HiddenLayout).OwnedBy(rank, _collective.Size);
}
