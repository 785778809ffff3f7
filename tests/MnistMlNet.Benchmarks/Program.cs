using System.CommandLine;
using MnistMlNet.Benchmarks.Commands;
using MnistMlNet.Benchmarks.Measuring;

RootCommand root = new("Measures MnistMlNet, alone and against its peers. Prints Markdown.")
{
    BdnCommand.Create(),
    PeersCommand.Create(),
    FromCsvCommand.Create(),
    AccuracyCommand.Create(),
    TablesCommand.Create(),
    FamilyCommand.Create(),
    SheetCommand.Create(),
    ThreadsCommand.Create(),
    ChildCommand.Create(),
};

try
{
    ParseResult parsed = root.Parse(args);
    return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (CheckFailedException e)
{
    // The message names the two sides that differ; a stack trace would add nothing.
    Console.Error.WriteLine(e.Message);
    return 1;
}
