using Mono.Cecil;

namespace Pneumothorax.Lab.Web.Tests;

/// <summary>What the portal's own assembly may hold, and how its folders lean on each other, read from what the compiler wrote.</summary>
public sealed class WebShapeTests
{
    private const string Prefix = "Pneumothorax.Lab.Web.";

    /// <summary>Assemblies that need a web host or a page.</summary>
    private static readonly string[] s_web = ["Microsoft.AspNetCore", "Microsoft.JSInterop", "MudBlazor", "Plotly"];

    /// <summary>Types that could be tested without a web host and stay all the same, with the reason.</summary>
    private static readonly (string Where, string Reason)[] s_stay =
    [
        ("Shared.UrlState.", "what a page shows, as its own address says it"),
        ("Shared.Charts.", "what the chart component draws, as JSON for the browser"),
        ("Shared.Controls.", "values of the controls: icons, options, scales"),
        ("Shared.Pages.", "marks on pages"),
        ("Shared.Identity.", "values of the sign-in as pages see it"),
        ("Evaluation.EvaluationModel", "the charts of one evaluation"),
        ("Hosting.", "the start of this process, its directories and ports"),
    ];

    /// <summary>Names of types that stay wherever they are, with the reason.</summary>
    private static readonly (string Ending, string Reason)[] s_stayByName =
    [
        ("Json", "the body of an answer of the HTTP interface, beside its endpoint"),
        ("Body", "the body of a request to the HTTP interface, beside its endpoint"),
        ("Query", "the query of a request to the HTTP interface, beside its endpoint"),
        ("Text", "sentences of one page"),
        ("Charts", "what one page draws"),
        ("Chart", "what one page draws"),
    ];

    private static readonly IReadOnlyDictionary<string, IReadOnlySet<string>> s_uses = Read();

    [Fact]
    public void NoType_CouldLiveWithoutAWebHost()
    {
        // Whatever uses a type that needs the web host needs it as well.
        HashSet<string> bound = [.. s_uses.Where(type => type.Value.Any(used => s_web.Any(web => used.StartsWith(web, StringComparison.Ordinal)))).Select(type => type.Key)];
        while (s_uses.Where(type => !bound.Contains(type.Key) && type.Value.Any(bound.Contains)).Select(type => type.Key).ToList() is { Count: > 0 } more) bound.UnionWith(more);

        var free = s_uses.Keys.Except(bound).Select(name => name[Prefix.Length..])
            .Where(name => !s_stay.Any(stay => name.StartsWith(stay.Where, StringComparison.Ordinal)) && !s_stayByName.Any(stay => name.EndsWith(stay.Ending, StringComparison.Ordinal)))
            .Where(name => !name.EndsWith("_Imports", StringComparison.Ordinal));

        Assert.True(free.FirstOrDefault() is null, string.Join(Environment.NewLine, free));
    }

    /// <summary>What two feature folders share lies in Shared, which uses no feature folder.</summary>
    [Fact]
    public void NoTwoFolders_UseEachOther()
    {
        var edges = s_uses.SelectMany(type => type.Value.Where(s_uses.ContainsKey).Select(used => (From: FolderOf(type.Key), To: FolderOf(used), Type: type.Key, Used: used)))
            .Where(edge => edge.From != edge.To).ToLookup(edge => (edge.From, edge.To));

        var mutual = edges.Where(edge => edges.Contains((edge.Key.To, edge.Key.From))).Select(edge => $"{edge.Key.From} -> {edge.Key.To}: {string.Join(", ", edge.Take(3).Select(use => $"{use.Type} uses {use.Used}"))}");

        Assert.True(mutual.FirstOrDefault() is null, string.Join(Environment.NewLine, mutual.Order()));
    }

    private static string FolderOf(string type) => type[Prefix.Length..].Split('.')[0];

    private static Dictionary<string, IReadOnlySet<string>> Read()
    {
        using var module = ModuleDefinition.ReadModule(typeof(Program).Assembly.Location);
        return module.Types.Where(type => type.Namespace.StartsWith(Prefix, StringComparison.Ordinal))
            .ToDictionary(type => type.FullName, type => (IReadOnlySet<string>)UsesOf(type, []));
    }

    /// <summary>Types of this assembly by their full name, others as "Assembly!".</summary>
    private static HashSet<string> UsesOf(TypeDefinition type, HashSet<string> uses)
    {
        Add(type.BaseType);
        foreach (var attribute in type.CustomAttributes) Add(attribute.AttributeType);
        foreach (var implemented in type.Interfaces) Add(implemented.InterfaceType);
        foreach (var field in type.Fields) Add(field.FieldType);
        foreach (var property in type.Properties)
        {
            foreach (var attribute in property.CustomAttributes) Add(attribute.AttributeType);
        }
        foreach (var method in type.Methods)
        {
            AddSignature(method);
            if (!method.HasBody) continue;
            foreach (var variable in method.Body.Variables) Add(variable.VariableType);
            foreach (var instruction in method.Body.Instructions)
            {
                switch (instruction.Operand)
                {
                    case TypeReference named: Add(named); break;
                    case FieldReference field: Add(field.DeclaringType); Add(field.FieldType); break;
                    case MethodReference called:
                        Add(called.DeclaringType);
                        AddSignature(called);
                        foreach (var argument in (called as GenericInstanceMethod)?.GenericArguments ?? []) Add(argument);
                        break;
                    default: break;
                }
            }
        }
        foreach (var nested in type.NestedTypes) UsesOf(nested, uses);
        return uses;

        void AddSignature(MethodReference method)
        {
            Add(method.ReturnType);
            foreach (var parameter in method.Parameters) Add(parameter.ParameterType);
        }

        void Add(TypeReference? used)
        {
            foreach (var argument in (used as GenericInstanceType)?.GenericArguments ?? []) Add(argument);
            while (used is TypeSpecification { ElementType: var element }) used = element;
            if (used is null or GenericParameter) return;
            while (used.DeclaringType is { } outer) used = outer;
            uses.Add(used.Scope is ModuleDefinition ? used.FullName : used.Scope.Name + "!");
        }
    }
}
