using System.Globalization;
using MnistMlNet.Mpi;
using MnistMlNet.Mpi.Tests.Ranks;

// The program that MnistMlNet.Mpi.Tests starts as ranks: what to do is the first argument.
return MpiCollective.Run(mpi =>
{
    switch (args.FirstOrDefault())
    {
        case "sums":
            Sums.Print(mpi);
            break;
        case "copies":
            Copies.Print(mpi);
            break;
        case "allocations":
            Sums.PrintAllocations(mpi);
            break;
        case "times":
            Times.Print(mpi, args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 200);
            break;
        case "throw":
            Faults.Throw(mpi, int.Parse(args[1], CultureInfo.InvariantCulture));
            break;
        case "wait":
            Faults.SumWithoutEnd(mpi);
            break;
        case "leave":
            Faults.Leave(mpi);
            break;
        default:
            throw new ArgumentException($"'{args.FirstOrDefault()}' is not one of sums, copies, allocations, times, throw, wait, leave.");
    }

    return 0;
});
