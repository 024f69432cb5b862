"""Operations of the user himself: his data, his cars, the tree of cars, forms."""

from .errors import AbcpError
from .registry import operation
from .shop import User

CAR_FIELDS = (
    "name",
    "comment",
    "year",
    "vin",
    "frame",
    "mileage",
    "manufacturerId",
    "modelId",
    "modificationId",
    "vehicleRegPlate",
)
#: Make -> (name, {model -> (name, years, modifications)})
TREE = {
    "5": ("Audi", {"51": ("A4 (8D)", 1994, 2001, {"511": ("1.8 T", 150, "AEB")})}),
    "121": (
        "VW",
        {
            "1211": (
                "Golf IV (1J)",
                1997,
                2006,
                {"12111": ("1.6", 102, "AKL"), "12112": ("1.9 TDI", 90, "ALH")},
            )
        },
    ),
}


@operation("GET", "user/info")
def info(_shop, user, _params):
    return {
        "id": str(user.user_id),
        "code": user.code,
        "email": user.email,
        "name": user.name,
        "mobile": user.mobile,
        "organization": "ООО Гараж",
    }


NEW_USER = ("name", "mobile", "office", "password")


@operation("POST", "user/new", is_public=True)
def register(shop, _user, params):
    missing = [name for name in NEW_USER if not params.get(name)]
    taken = any(params.get("mobile") in user.names for user in shop.users)
    if missing or taken:
        errors = [f"Не заполнено поле {name}" for name in missing]
        return {"status": 0, "errorMessage": errors or ["Мобильный телефон занят"]}
    code = str(next(shop.ids))
    email = params.get("email") or f"{code}@example.com"
    user = User(int(code), code, email, params["mobile"], params["password"])
    user.name = params["name"]
    shop.users.append(user)
    return {"status": 1, "userCode": code, "activationCode": f"{int(code):x}"}


@operation("POST", "user/activation", ("userCode", "activationCode"), is_public=True)
def activate(shop, _user, params):
    known = any(user.code == params["userCode"] for user in shop.users)
    if not known or f"{int(params['userCode']):x}" != params["activationCode"]:
        return {"status": 0, "errorMessage": "Неверный код активации"}
    return {"status": 1, "errorMessage": ""}


@operation("POST", "user/restore", is_public=True)
def restore(shop, _user, params):
    if params.get("code"):
        return {"status": 2, "message": "Пароль изменён"}
    wanted = params.get("emailOrMobile")
    if not wanted:
        raise AbcpError(2, "Required parameter 'emailOrMobile' is missing")
    if not any(wanted in (user.email, user.mobile) for user in shop.users):
        raise AbcpError(301, "User not found")
    return {"status": 1, "message": "Код отправлен"}


# Cars -------------------------------------------------------------------------------


def write_car(number, car):
    make = TREE.get(car["manufacturerId"], ("", {}))
    model = make[1].get(car["modelId"], ("", 0, 0, {}))
    modification = model[3].get(car["modificationId"], ("",))
    return {
        "id": number,
        **car,
        "manufacturer": make[0],
        "model": model[0],
        "modification": modification[0],
    }


def find_car(user, params):
    car = user.garage.get(params["carId"])
    if car is None:
        raise AbcpError(301, "Car not found")
    return car


@operation("GET", "user/garage")
def garage(_shop, user, _params):
    return [write_car(number, car) for number, car in user.garage.items()]


@operation("GET", "user/garage/car", required=("carId",))
def garage_car(_shop, user, params):
    return write_car(params["carId"], find_car(user, params))


@operation("POST", "user/garage/add")
def garage_add(shop, user, params):
    if not any(params.get(name) for name in ("vin", "frame", "name")):
        raise AbcpError(2, "One of vin, frame, name is required")
    number = str(next(shop.ids))
    car = user.garage[number] = {name: params.get(name, "") for name in CAR_FIELDS}
    return write_car(number, car)


@operation("POST", "user/garage/update", required=("carId",))
def garage_update(_shop, user, params):
    car = find_car(user, params)
    car.update({name: params[name] for name in CAR_FIELDS if name in params})
    return write_car(params["carId"], car)


@operation("POST", "user/garage/delete", required=("carId",))
def garage_delete(_shop, user, params):
    find_car(user, params)
    del user.garage[params["carId"]]
    return True


@operation("GET", "cartree/years")
def years(_shop, _user, params):
    wanted = params.get("manufacturerId")
    models = [
        model
        for number, (_name, models) in TREE.items()
        if wanted in (None, "", number)
        for model in models.values()
    ]
    return sorted({year for model in models for year in range(model[1], model[2] + 1)})


@operation("GET", "cartree/manufacturers")
def manufacturers(_shop, _user, _params):
    return [{"id": number, "name": make[0]} for number, make in TREE.items()]


@operation("GET", "cartree/models", required=("manufacturerId",))
def models(_shop, _user, params):
    make = TREE.get(params["manufacturerId"])
    if not make:
        raise AbcpError(301)
    return [
        {"id": number, "name": name, "yearFrom": f"{start}01", "yearTo": f"{end}12"}
        for number, (name, start, end, _modifications) in make[1].items()
    ]


@operation("GET", "cartree/modifications", required=("manufacturerId", "modelId"))
def modifications(_shop, _user, params):
    make_name, make_models = TREE.get(params["manufacturerId"], ("", {}))
    if params["modelId"] not in make_models:
        raise AbcpError(301)
    name, start, end, found = make_models[params["modelId"]]
    return [
        {
            "id": number,
            "name": label,
            "yearFrom": f"{start}01",
            "yearTo": f"{end}12",
            "modelId": params["modelId"],
            "model": name,
            "manufacturerId": params["manufacturerId"],
            "manufacturer": make_name,
            "fullName": f"{make_name} {name} {label}",
            "cylinderCapacityCcm": "1595",
            "constructionType": "Хэтчбек",
            "powerHP": str(power),
            "powerKW": str(round(power * 0.7355)),
            "motorCodes": motor,
            "fuelType": "Бензин",
        }
        for number, (label, power, motor) in found.items()
    ]


@operation("GET", "form/fields", required=("name",), is_public=True)
def form_fields(_shop, _user, params):
    if params["name"] not in ("registration_wholesale", "registration_retail"):
        raise AbcpError(4, "Invalid value of the parameter 'name'")
    return [
        {
            "name": name,
            "label": name.title(),
            "isRequired": 1,
            "errorMessage": "Поле обязательно",
        }
        for name in NEW_USER
    ]
