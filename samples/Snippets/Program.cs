using Snippets;

foreach ((string name, Action run) in AllSnippets.ByName)
{
    Console.WriteLine($"== {name}");
    run();
    Console.WriteLine();
}
