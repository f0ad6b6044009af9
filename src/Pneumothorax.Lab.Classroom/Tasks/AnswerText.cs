using System.Text.RegularExpressions;

namespace Pneumothorax.Lab.Classroom.Tasks;

/// <summary>What was typed into a field of a task, before the task reads it.</summary>
public static partial class AnswerText
{
    /// <returns>Without spaces at the ends, and without a word before a number or a unit after it: "step 800" and "800 steps" are 800.</returns>
    public static string Of(string typed, TaskField field) =>
        field.IsCode || field.Options is not null ? typed.Trim() : Unit().Replace(Lead().Replace(typed.Trim(), ""), "").Trim();

    /// <returns>The first field with nothing in it; null where all have something.</returns>
    public static TaskField? FirstEmpty(IReadOnlyList<TaskField> fields, IReadOnlyList<string> typed) =>
        fields.Where((_, place) => place >= typed.Count || string.IsNullOrWhiteSpace(typed[place])).FirstOrDefault();

    // "minus" would change the number, so it stays, and the task says that it cannot read it.
    [GeneratedRegex(@"^(?!minus\b|plus\b)(?:(?:about|approximately|around|at|step|image|images|epoch|epochs|class|index|label|area|loss|is)\b[\s:=]*)+(?=[\d.,\[(+\-\u2212])", RegexOptions.IgnoreCase)]
    private static partial Regex Lead();

    // Not "percent": it is part of the number.
    [GeneratedRegex(@"(?<=\d)\s*\b(?:steps?|images?|epochs?|parameters?|weights?|nats|times|minutes?|min)\.?$", RegexOptions.IgnoreCase)]
    private static partial Regex Unit();
}
