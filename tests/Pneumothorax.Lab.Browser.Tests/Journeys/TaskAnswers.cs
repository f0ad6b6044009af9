using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Pneumothorax.Lab.Browser.Tests.Journeys;

/// <summary>Answers the tasks of the guide as a student does: from what the task, the pages and the API show.</summary>
internal sealed partial class TaskAnswers(IPage page)
{
    /// <summary>Every task of the chapter on the page, from top to bottom.</summary>
    public async Task SolveAllAsync()
    {
        // The server's drawing comes first, without forms that answer.
        await Expect(page.Locator("[id^=task-] form, [id^=task-] .waits").First).ToBeVisibleAsync(new() { Timeout = 60_000 });
        foreach (var id in await page.Locator("[id^=task-]").EvaluateAllAsync<string[]>("tasks => tasks.filter(task => task.matches('section')).map(task => task.id)"))
        {
            await SolveAsync(id["task-".Length..]);
        }
    }

    /// <summary>Types an answer and has it checked.</summary>
    public async Task TryAsync(string name, params string[] answers)
    {
        var task = Of(name);
        var typed = task.Locator("form input.input");
        for (var i = 0; i < answers.Length; i++) await typed.Nth(i).FillAsync(answers[i]);
        await task.GetByRole(AriaRole.Button, new() { Name = "Check answer" }).ClickAsync();
    }

    public ILocator Of(string name) => page.Locator($"section#task-{name}");

    private async Task SolveAsync(string name)
    {
        var task = Of(name);
        await Expect(task.Locator("form")).ToBeVisibleAsync(new() { Timeout = 60_000 });
        var ask = (await task.Locator(".ask").InnerTextAsync()).Replace('−', '-');
        await (name switch
        {
            "sorted-queue" => QueueAsync(ask, name),
            "count-images" => CountAsync(task, ask, name),
            "read-labels" => LabelsAsync(task, name),
            "parameters" => ParametersAsync(ask, name),
            "cross-entropy" => CrossEntropyAsync(ask, name),
            "choose-cost" => ChooseAsync(task, name, "softmax_cross_entropy(labels, logits)"),
            "prediction" => PredictionAsync(task, name),
            "epochs" => EpochsAsync(ask, name),
            "restored-model" => RestoredAsync(ask, name),
            "rates" => RatesAsync(task, name),
            "area" => AreaAsync(task, name),
            "shapes" => ShapesAsync(task, name),
            "cam-sum" => SumAsync(ask, name),
            "class-index" => ClassIndexAsync(task, ask, name),
            "upsampling" => UpsamplingAsync(task, ask, name),
            _ => throw new InvalidOperationException($"Nobody has learned to answer {name}."),
        });
        await Expect(task).ToHaveClassAsync(new Regex("solved"));
    }

    private Task QueueAsync(string ask, string name)
    {
        var numbers = Numbers(ask);     // images, minutes each
        return TryAsync(name, Text(numbers[0] / 20), Text(numbers[0] * numbers[1] / 2), Text(numbers[0] / 20 * numbers[1] / 2));
    }

    private async Task CountAsync(ILocator task, string ask, string name)
    {
        var splits = await SplitsAsync(ask);
        var third = await task.Locator("form label").Nth(2).InnerTextAsync();
        var asked = third.StartsWith("Training", StringComparison.Ordinal) ? "train" : third.StartsWith("Validation", StringComparison.Ordinal) ? "validation" : "test";
        await TryAsync(name, $"{splits["train"].Images - splits["validation"].Images}", $"{splits["test"].Images}",
            $"{splits[asked].Positives - (asked == "train" ? splits["validation"].Positives : 0)}");
    }

    private async Task LabelsAsync(ILocator task, string name)
    {
        var links = await task.Locator(".ask a").EvaluateAllAsync<string[]>("links => links.map(link => link.getAttribute('href'))");
        List<string> rows = [];
        foreach (var link in links) rows.Add(Stored().Match(await TextAsync(link)).Groups[1].Value);
        await TryAsync(name, [.. rows]);
    }

    private Task ParametersAsync(string ask, string name)
    {
        var numbers = Numbers(ask[ask.IndexOf("takes maps of", StringComparison.Ordinal)..]);
        return TryAsync(name, Text((numbers[0] * numbers[2] * numbers[3] + 1) * numbers[1]));
    }

    private Task CrossEntropyAsync(string ask, string name)
    {
        var numbers = Numbers(ask[ask.IndexOf('[', StringComparison.Ordinal)..]);
        var (right, wrong) = numbers[3] == 1 ? (numbers[1], numbers[0]) : (numbers[0], numbers[1]);
        return TryAsync(name, Text(Math.Round(Math.Log(1 + Math.Exp(wrong - right)), 3)));
    }

    private async Task ChooseAsync(ILocator task, string name, string option)
    {
        await task.GetByRole(AriaRole.Radio, new() { Name = option, Exact = true }).CheckAsync();
        await TryAsync(name);
    }

    private async Task PredictionAsync(ILocator task, string name)
    {
        var rows = (await RowsAsync(task)).Select(row => (Says: row[2] > row[1] ? 1 : 0, Truth: (int)row[^1])).ToList();
        await TryAsync(name, string.Join(' ', rows.Select(row => row.Says)), Text(rows.Count(row => row.Says == row.Truth) / 5.0));
    }

    private async Task EpochsAsync(string ask, string name)
    {
        var (splits, numbers) = (await SplitsAsync(ask), Numbers(ask[ask.IndexOf("takes", StringComparison.Ordinal)..]));
        await TryAsync(name, Text(Math.Round(numbers[0] * numbers[1] / (splits["train"].Images - splits["validation"].Images), 2)));
    }

    private async Task RestoredAsync(string ask, string name)
    {
        var says = Says().Match(await TextAsync($"/runs/1/explanation?index={Image().Match(ask).Groups[1].Value}")).Groups[1].Value;
        var step = JsonDocument.Parse(await TextAsync("/api/runs/1/evaluation")).RootElement.GetProperty("checkpointStep").GetInt32();
        await TryAsync(name, says, $"{step}");
    }

    private async Task RatesAsync(ILocator task, string name)
    {
        var rows = await RowsAsync(task);
        await TryAsync(name, Text(Math.Round(rows[0][0] / rows[0].Sum(), 3)), Text(Math.Round(rows[1][0] / rows[1].Sum(), 3)));
    }

    private async Task AreaAsync(ILocator task, string name)
    {
        var rows = await RowsAsync(task);
        await TryAsync(name, Text(Math.Round(Enumerable.Range(1, rows[0].Count - 1).Sum(i => (rows[0][i] - rows[0][i - 1]) * (rows[1][i] + rows[1][i - 1]) / 2), 3)));
    }

    /// <summary>Three misses, then what the explanation says.</summary>
    private async Task ShapesAsync(ILocator task, string name)
    {
        foreach (var tries in (string[])["1 try so far", "2 tries so far", "3 tries so far"])
        {
            await TryAsync(name, "1 × 2 × 3 × 4", "1 × 2");
            await Expect(task.Locator(".tries")).ToHaveTextAsync(tries);
        }
        var explained = await task.Locator(".explained").InnerTextAsync();
        await TryAsync(name, FourAxes().Match(explained).Value, Weights().Match(explained).Value);
    }

    private Task SumAsync(string ask, string name)
    {
        var shapes = Shape().Matches(ask).Select(match => Numbers(match.Value)).ToList();
        var channels = shapes.Single(shape => shape.Count == 2).Max();
        List<string> letters = [];
        foreach (var shape in shapes)
        {
            var spatial = new Queue<char>("yx");
            letters.Add(string.Concat(shape.Select(size => size == channels ? 'k' : shape.Count == 2 ? 'c' : spatial.Dequeue())));
        }
        return TryAsync(name, $"{letters[0]},{letters[1]}->yxc");
    }

    private async Task ClassIndexAsync(ILocator task, string ask, string name)
    {
        var numbers = Numbers(ask[ask.IndexOf("map A is", StringComparison.Ordinal)..]);       // both means, both biases, both logits
        var letter = Math.Abs(numbers[0] + numbers[3] - numbers[5]) < Math.Abs(numbers[1] + numbers[3] - numbers[5]) ? "Map A" : "Map B";
        await task.GetByRole(AriaRole.Radio, new() { Name = letter, Exact = true }).CheckAsync();
        await TryAsync(name, "1", Text(numbers[5]));
    }

    private async Task UpsamplingAsync(ILocator task, string ask, string name)
    {
        var numbers = Numbers(ask[ask.IndexOf("has ", StringComparison.Ordinal)..]);
        // Whoever cannot tell the three apart looks at one after the other.
        foreach (var letter in (string[])["A", "B", "C"])
        {
            await task.GetByRole(AriaRole.Radio, new() { Name = letter, Exact = true }).CheckAsync();
            await TryAsync(name, Text(numbers[2] / numbers[0]));
            await Expect(task.Locator(".answered, .hint").First).ToBeVisibleAsync();
            await Expect(task.Locator(".tries")).ToHaveTextAsync(new Regex(letter switch { "A" => "first|1 try", "B" => "second|2 tries", _ => "third|3 tries" }));
            if ((await task.GetAttributeAsync("class"))!.Contains("solved", StringComparison.Ordinal)) return;
        }
    }

    /// <param name="ask">Names the data set by its title, in quotation marks: other tests register some, too.</param>
    private async Task<Dictionary<string, (int Images, int Positives)>> SplitsAsync(string ask) =>
        JsonDocument.Parse(await TextAsync("/api/datasets")).RootElement.EnumerateArray()
            .First(set => ask.Contains($"“{set.GetProperty("title").GetString()}”", StringComparison.Ordinal)).GetProperty("splits").EnumerateArray().ToDictionary(
                split => split.GetProperty("split").GetString()!, split => (split.GetProperty("images").GetInt32(), split.GetProperty("positives").GetInt32()));

    /// <summary>As this student, signed in by her cookie.</summary>
    private async Task<string> TextAsync(string address) => await (await page.Context.APIRequest.GetAsync(address)).TextAsync();

    private static async Task<List<List<double>>> RowsAsync(ILocator task) =>
        [.. (await task.Locator(".ask tbody tr").EvaluateAllAsync<string[]>("rows => rows.map(row => [...row.querySelectorAll('td')].map(cell => cell.textContent).join(' '))"))
            .Select(row => Numbers(row.Replace('−', '-')))];

    private static List<double> Numbers(string text) => [.. Number().Matches(text).Select(match => double.Parse(match.Value, CultureInfo.InvariantCulture))];

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"-?\d+(\.\d+)?")]
    private static partial Regex Number();

    [GeneratedRegex(@"stores this as <code[^>]*>(\[[01], [01]\])</code>")]
    private static partial Regex Stored();

    [GeneratedRegex(@"test image (\d+)")]
    private static partial Regex Image();

    [GeneratedRegex(@"(?:HAS|clear), (\d\.\d\d)</dd>")]
    private static partial Regex Says();

    [GeneratedRegex(@"(\d+ × )+\d+")]
    private static partial Regex Shape();

    [GeneratedRegex(@"(\d+ × ){3}\d+")]
    private static partial Regex FourAxes();

    [GeneratedRegex(@"\d+ × 2(?= weights)")]
    private static partial Regex Weights();
}
