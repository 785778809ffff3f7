using MnistMlNet.Tests.Loader;

// A process without a reference to MnistMlNet: it loads a model with ML.NET alone, in one of three ways.
//   score MODEL ROWS OUTPUT     scores the binary view ROWS and writes the bits of all scores and predicted keys to OUTPUT
//   transform MODEL ROWS OUTPUT writes the values of all columns that a model of any task adds, as lines of text
//   check MODEL FROZEN [COUNT]  loads the model COUNT times concurrently, each time on a thread and in a context of its own, and compares
//                               what each predicts with the frozen predictions in the JSON file FROZEN
if (AppDomain.CurrentDomain.GetAssemblies().Any(assembly => assembly.GetName().Name is "MnistMlNet" or "MnistMlNet.Extensibility"))
{
    Console.Error.WriteLine("MnistMlNet was loaded before Model.Load was called: this proves nothing.");
    return 2;
}

switch (args)
{
    case ["score", var model, var rows, var output]:
        Console.WriteLine(Scores.Write(model, rows, output));
        return 0;
    case ["transform", var model, var rows, var output]:
        ColumnTexts.Write(model, rows, output);
        return 0;
    case ["check", var model, var frozen]:
        return FrozenPredictions.Check(model, frozen, 1);
    case ["check", var model, var frozen, var count]:
        return FrozenPredictions.Check(model, frozen, int.Parse(count));
    default:
        Console.Error.WriteLine("Usage: score MODEL ROWS OUTPUT, transform MODEL ROWS OUTPUT, or check MODEL FROZEN [COUNT]");
        return 2;
}
