using System.Globalization;

namespace Pneumothorax.Lab.Classroom.Tasks;

/// <summary>An expression that cannot be computed. The message is a sentence for whoever wrote it.</summary>
public sealed class EinsumException(string message) : Exception(message);

/// <summary>
/// Einstein sums such as <c>khw,ck->chw</c>: every letter is an axis, equal letters run together, and letters that are missing
/// after the arrow are summed over. Letters only: nothing that a student types is ever executed.
/// </summary>
/// <param name="Inputs">The letters of each operand.</param>
/// <param name="Output">The letters of the result.</param>
public sealed record Einsum(IReadOnlyList<string> Inputs, string Output)
{
    /// <summary>The lab's own network needs 262,144; who needs far more has let axes run apart that belong together.</summary>
    public const long MostProducts = 20_000_000;

    private const int MostLetters = 60;

    /// <exception cref="EinsumException">It is not of the form <c>letters,letters->letters</c>.</exception>
    public static Einsum Parse(string text)
    {
        // Quotes and blanks come along when an expression is copied from a program.
        var written = new string([.. text.Where(letter => !char.IsWhiteSpace(letter) && letter is not ('"' or '\'' or '`'))]).Replace("→", "->", StringComparison.Ordinal);
        if (written.Length == 0) throw new EinsumException("Write one group of letters for each array, an arrow, and the letters of the result.");
        if (written.Length > MostLetters) throw new EinsumException($"An expression has at most {MostLetters} characters; this one has {written.Length}.");

        var sides = written.Split("->");
        if (sides.Length == 1) throw new EinsumException("Write an arrow -> and, after it, the axes that remain. Axes that are not named there are summed.");
        if (sides.Length > 2) throw new EinsumException("There is more than one arrow.");
        if (written.FirstOrDefault(letter => !char.IsAsciiLetter(letter) && letter is not (',' or '-' or '>')) is var odd && odd != 0)
            throw new EinsumException($"“{odd}” has no meaning here: axes are letters, and arrays are separated by a comma.");
        if (sides.Any(side => side.Any(letter => letter is '-' or '>'))) throw new EinsumException("Write the arrow as ->.");
        if (sides[1].Contains(',')) throw new EinsumException("There is only one result, so do not write a comma after the arrow.");

        string[] inputs = sides[0].Split(',');
        if (sides[1].GroupBy(letter => letter).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new EinsumException($"{twice.Key} appears twice after the arrow; each axis of the result needs its own letter.");
        foreach (var letter in sides[1])
        {
            if (!inputs.Any(input => input.Contains(letter))) throw new EinsumException($"{letter} appears after the arrow, but in none of the arrays.");
        }
        return new(inputs, sides[1]);
    }

    /// <summary>Computes the expression.</summary>
    /// <exception cref="EinsumException">The letters do not fit the operands' shapes, or it would take too long.</exception>
    public Tensor Evaluate(params IReadOnlyList<Tensor> operands)
    {
        var sizes = Sizes(operands);
        char[] letters = [.. Output, .. sizes.Keys.Where(letter => !Output.Contains(letter))];
        var products = letters.Aggregate(1L, (product, letter) => Math.Min(product * sizes[letter], long.MaxValue / 1_000_000));
        if (products > MostProducts) throw new EinsumException(TooMuch(products, operands));

        // How far each letter's next value lies in each operand: a letter that an operand lacks does not move it.
        int[][] steps = [.. operands.Select((operand, which) => letters.Select(letter => StepOf(letter, Inputs[which], operand)).ToArray())];
        int[] shape = [.. Output.Select(letter => sizes[letter])];
        int[] counts = [.. letters.Select(letter => sizes[letter])];
        var inner = counts.Skip(Output.Length).Aggregate(1, (product, count) => product * count);
        var values = new float[shape.Aggregate(1, (product, count) => product * count)];
        var position = new int[letters.Length];
        var places = new int[operands.Count];
        for (var at = 0; at < values.Length; at++)
        {
            var sum = 0.0;
            for (var term = 0; term < inner; term++)
            {
                var product = 1.0;
                for (var which = 0; which < places.Length; which++) product *= operands[which].Values[places[which]];
                sum += product;
                Advance(position, counts, places, steps);
            }
            values[at] = (float)sum;
        }
        return new("the result", shape, values);
    }

    /// <summary>Moves to the next combination of letters, the last letter fastest.</summary>
    private static void Advance(int[] position, int[] counts, int[] places, int[][] steps)
    {
        for (var letter = position.Length - 1; letter >= 0; letter--)
        {
            var back = ++position[letter] == counts[letter];
            for (var which = 0; which < places.Length; which++)
            {
                places[which] += back ? -steps[which][letter] * (counts[letter] - 1) : steps[which][letter];
            }
            if (!back) return;
            position[letter] = 0;
        }
    }

    private Dictionary<char, int> Sizes(IReadOnlyList<Tensor> operands)
    {
        if (Inputs.Count != operands.Count)
        {
            throw new EinsumException(
                $"There are {operands.Count} arrays, {string.Join(" and ", operands.Select(operand => operand.Name))}, and {Inputs.Count} group{(Inputs.Count == 1 ? "" : "s")} of letters before the arrow.");
        }
        Dictionary<char, (int Size, string Where)> known = [];
        foreach (var (letters, operand) in Inputs.Zip(operands))
        {
            if (letters.Length != operand.Shape.Count)
            {
                throw new EinsumException(
                    $"{Sentence(operand.Name)} {(operand.Shape.Count == 1 ? "has 1 axis" : $"have {operand.Shape.Count} axes")} ({operand.ShapeText}), but “{letters}” names {letters.Length}.");
            }
            foreach (var (letter, size) in letters.Zip(operand.Shape))
            {
                if (!known.TryAdd(letter, (size, operand.Name)) && known[letter] is var other && other.Size != size)
                {
                    throw new EinsumException(other.Where == operand.Name
                        ? $"{letter} is {other.Size} and {size} in the {operand.Name}: one letter cannot have two lengths."
                        : $"{letter} is {other.Size} in the {other.Where} but {size} in the {operand.Name}.");
                }
            }
        }
        return known.ToDictionary(letter => letter.Key, letter => letter.Value.Size);
    }

    private string TooMuch(long products, IReadOnlyList<Tensor> operands)
    {
        var line = string.Create(CultureInfo.InvariantCulture, $"That would need {products:#,##0} multiplications.");
        return operands.Count == 2 && !Inputs[0].Any(Inputs[1].Contains)
            ? line + " No letter occurs in both arrays: axes that belong together need the same letter."
            : line + " Axes that belong together need the same letter.";
    }

    private static int StepOf(char letter, string letters, Tensor operand)
    {
        var steps = Tensor.Steps(operand.Shape);
        // A letter that stands twice in one operand runs along its diagonal.
        return letters.Select((own, axis) => own == letter ? steps[axis] : 0).Sum();
    }

    private static string Sentence(string name) => $"The {name}";
}
